/** @file Log-probabilities of given responses, row by row. */
import { fromItemStatus, isOk } from '#platform/rpc';
import type { ResponseScore__Output } from '#contracts/policy';
import type { InputRow } from './input-row.js';
import type { PolicySession } from './policy-session.js';
import { rowErrorOf, type OutputRow } from './process-rows.js';
import { withinDeadline } from './unit-deadline.js';

/** Scores the rows as one unit. */
export async function scoreRows(
  session: PolicySession,
  rows: readonly InputRow[],
  { tokenLogProbs }: { readonly tokenLogProbs: boolean },
): Promise<readonly OutputRow[]> {
  const items = rows.map(({ prompt, responses }, i) => ({
    itemId: String(i),
    prompt,
    responses: responses.map((text) => ({ text })),
  }));
  const request = { policies: [session.policy], items, includeTokenLogProbs: tokenLogProbs };
  const reply = await withinDeadline(session, rows.length, (call) => session.client.scoreResponses(request, call));
  return reply.items.map(({ itemId, status, responses }): OutputRow => {
    const { id } = rows[Number(itemId)]!;
    if (status !== null && !isOk(status)) return { id, error: rowErrorOf(fromItemStatus(status)) };
    return { id, responses: responses.map((response) => scoreOf(response, tokenLogProbs)) };
  });
}

function scoreOf(
  { status, logProbSums, tokenCount, tokenLogProbs }: ResponseScore__Output,
  withTokens: boolean,
): object {
  if (status !== null && !isOk(status)) return { error: rowErrorOf(fromItemStatus(status)) };
  return {
    log_prob_sum: logProbSums[0],
    token_count: tokenCount,
    ...(withTokens && { token_log_probs: tokenLogProbs[0]?.logProbs ?? [] }),
  };
}
