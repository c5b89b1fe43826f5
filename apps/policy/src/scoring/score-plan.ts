/**
 * @file From the items of a scoring request to the rows of a unit, and back.
 *
 * Items and responses that cannot be encoded take no place in the batch; the plan remembers where each of the others
 * went, so that the reply has the request's order.
 */
import type { ResponseScore, ScoreItem__Output, ScoredItem } from '#contracts/policy';
import { present, type AppError } from '#core';
import type { ResponseLogProbs, ScoreUnit, TokenSequence } from '#ml/engine';
import { okStatus, toItemStatus } from '#platform/rpc';
import type { ItemEncoder } from '../encoding/item-encoder.js';
import { outcomeOf, type Outcome } from '../encoding/outcome.js';
import type { EventLoopShare } from '../units/event-loop-share.js';

interface PlannedItem {
  readonly itemId: string;
  /** Why the item has no scores at all. */
  readonly error: AppError | undefined;
  readonly responses: readonly Outcome<TokenSequence>[];
  /** Where its responses are in the unit; undefined when none could be encoded. */
  readonly rowIndex: number | undefined;
}

export interface ScorePlan {
  readonly items: readonly PlannedItem[];
  readonly rows: ScoreUnit['rows'];
}

/** Encodes every item, pausing between texts. */
export async function planScores(
  items: readonly ScoreItem__Output[],
  encoder: ItemEncoder,
  share: EventLoopShare,
): Promise<ScorePlan> {
  const planned: PlannedItem[] = [];
  const rows: ScoreUnit['rows'][number][] = [];
  for (const item of items) {
    const prompt = outcomeOf(() => encoder.prompt(item.prompt));
    await share.pause();
    const responses: Outcome<TokenSequence>[] = [];
    for (const response of prompt.ok ? item.responses : []) {
      responses.push(outcomeOf(() => encoder.response(response, prompt.ok ? prompt.value : [])));
      await share.pause();
    }
    const sequences = responses.flatMap((response) => (response.ok ? [response.value] : []));
    const rowIndex =
      prompt.ok && sequences.length > 0 ? rows.push({ prompt: prompt.value, responses: sequences }) - 1 : undefined;
    planned.push({ itemId: item.itemId, error: prompt.ok ? undefined : prompt.error, responses, rowIndex });
  }
  return { items: planned, rows };
}

/** The reply's items, in request order. `scored` holds the unit's results by row. */
export function scoredItems({ items }: ScorePlan, scored: readonly (readonly ResponseLogProbs[])[]): ScoredItem[] {
  return items.map(({ itemId, error, responses, rowIndex }) => {
    if (error) return { itemId, status: toItemStatus(error), responses: [] };
    const results = rowIndex === undefined ? [] : [...present(scored[rowIndex], `row ${rowIndex} of the result`)];
    return {
      itemId,
      status: okStatus(),
      responses: responses.map((response) =>
        response.ok
          ? toResponseScore(response.value, present(results.shift(), `a result of item ${itemId}`))
          : { logProbSums: [], tokenCount: 0, tokenLogProbs: [], status: toItemStatus(response.error) },
      ),
    };
  });
}

function toResponseScore(sequence: TokenSequence, { sums, tokens = [] }: ResponseLogProbs): ResponseScore {
  return {
    logProbSums: [...sums],
    tokenCount: sequence.length,
    tokenLogProbs: tokens.map((logProbs) => ({ logProbs: Array.from(logProbs) })),
    status: okStatus(),
  };
}
