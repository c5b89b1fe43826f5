/**
 * @file Lets two models score the same items, for a report. Live traffic comes first: a model that computes here gets some
 * responses at a time, so that a call never waits for more of them; one that is asked over a network may have some items
 * under way at once.
 */
import type { Clock } from '#core';
import type { AnnotateItem } from '../annotator.js';
import { checkedOutcome } from '../checked-outcome.js';
import type { LoadedModel } from '../loaded-model.js';
import type { PromptText, ScoreOutcome, ScoreRequest } from '../reward-backend.js';
import { promptText, scoreRequest, type Checked } from '../score-request.js';
import type { ComparedItem } from './swap-report.js';

export interface CompareContext {
  readonly rewardModel: string;
  readonly live: LoadedModel;
  readonly staged: LoadedModel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Items under way at once with a model that is asked over a network. */
const REMOTE_ITEMS_AT_ONCE = 8;
/** Responses of an item that a model gets at once; whoever calls meanwhile comes after them. */
const RESPONSES_AT_ONCE = 16;

interface Prepared {
  readonly itemId: string;
  readonly prompt: PromptText;
  readonly texts: readonly string[];
  readonly requests: readonly Checked<ScoreRequest>[];
}

interface SideResult {
  readonly outcomes: readonly ScoreOutcome[];
  readonly responseMs: number | undefined;
}

/** Items in order; those without a prompt or without responses are left out. */
export async function compareOn(items: readonly AnnotateItem[], context: CompareContext): Promise<ComparedItem[]> {
  const prepared = items.flatMap((item) => prepare(item, context.staged.description.kind));
  const [live, staged] = await Promise.all([
    scoreAll(prepared, context.live, context),
    scoreAll(prepared, context.staged, context),
  ]);
  return prepared.map(({ itemId, prompt, texts }, index) => ({
    itemId,
    prompt,
    responses: texts.map((text, at) => ({
      text,
      live: live[index]!.outcomes[at]!,
      staged: staged[index]!.outcomes[at]!,
    })),
    liveMs: live[index]!.responseMs,
    stagedMs: staged[index]!.responseMs,
    isShadow: false,
  }));
}

function prepare({ itemId, prompt, responses }: AnnotateItem, backend: string): Prepared[] {
  const checked = promptText(prompt, backend);
  if (!checked.ok || responses.length === 0) return [];
  const texts = responses.map((response) => (response.kind === 'text' ? response.text : ''));
  const requests = responses.map((response) => scoreRequest(checked.value, response, backend));
  return [{ itemId, prompt: checked.value, texts, requests }];
}

async function scoreAll(
  items: readonly Prepared[],
  model: LoadedModel,
  context: CompareContext,
): Promise<readonly SideResult[]> {
  const results: SideResult[] = [];
  const left = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, item] = next;
      results[index] = await scoreOne(item, model, context);
    }
  };
  const lanes = model.description.mayBill ? REMOTE_ITEMS_AT_ONCE : 1;
  try {
    await Promise.all(Array.from({ length: lanes }, work));
    return results;
  } finally {
    left.length = 0; // one that fails ends the others
  }
}

async function scoreOne(
  { requests }: Prepared,
  model: LoadedModel,
  { rewardModel, clock, signal }: CompareContext,
): Promise<SideResult> {
  const asked = requests.flatMap((one) => (one.ok ? [one.value] : []));
  if (asked.length === 0) return { outcomes: requests.map((one) => one as ScoreOutcome), responseMs: undefined };
  const startedMs = clock.monotonicMs();
  const onStart = (): void => void (model.counts.started += 1);
  const answers: ScoreOutcome[] = [];
  for (let first = 0; first < asked.length; first += RESPONSES_AT_ONCE) {
    const some = asked.slice(first, first + RESPONSES_AT_ONCE);
    answers.push(...(await model.backend.score(some, { signal, onStart })));
  }
  const scored = answers.values();
  const responseMs = (clock.monotonicMs() - startedMs) / asked.length;
  const outcomes = requests.map((one): ScoreOutcome => {
    if (!one.ok) return one;
    const outcome = checkedOutcome(rewardModel, model.description, scored.next().value!);
    model.counts[outcome.ok ? 'scored' : 'failed'] += 1;
    return outcome;
  });
  return { outcomes, responseMs };
}
