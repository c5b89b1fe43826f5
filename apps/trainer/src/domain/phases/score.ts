/** @file The scoring phase: how well the policy agrees with pairs, against the reference. */
import type { Prompt, Response } from '#contracts/common';
import { pairScore, usesReference, type PairScore } from '../algorithm/preference-score.js';
import { chunked } from '../algorithm/rows.js';
import type { Outcome, ItemFailure } from '../ports/outcomes.js';
import type { PolicyRef, ResponseLogProbs, ResponsePair, ScoreUnit } from '../ports/policy-port.js';
import { PhaseFailedError } from '../run/run.errors.js';
import type { RunContext } from '../run/run-context.js';
import type { UnitPlan } from '../run/unit-runner.js';

export interface ScoredPairInput {
  readonly id: string;
  readonly prompt: Prompt;
  readonly pair: ResponsePair;
}

export interface ScorePhase {
  readonly phase: 'score' | 'score-online';
  readonly iteration: number;
  readonly policy: PolicyRef;
  readonly reference: PolicyRef;
  readonly pairs: readonly ScoredPairInput[];
}

/** Scores by row id; a row that could not be scored is absent. @throws PhaseFailedError when none could be */
export async function scorePairs(context: RunContext, phase: ScorePhase): Promise<Map<string, PairScore>> {
  const { config, objective } = context;
  const policies = usesReference(objective) ? [phase.policy, phase.reference] : [phase.policy];
  const items = phase.pairs.map(({ id, prompt, pair }) => {
    return { itemId: id, prompt, responses: [pair.chosen, pair.rejected] };
  });
  const outcomes = await scoreItems(context, { ...phase, policies, items, unitItems: config.units.score_items });
  const scores = new Map<string, PairScore>();
  let failure: ItemFailure | undefined;
  outcomes.forEach((outcome, index) => {
    const logProbs = bothOf(outcome);
    if (logProbs.ok) scores.set(items[index]!.itemId, pairScore(logProbs.value[0], logProbs.value[1], objective));
    else failure ??= logProbs.failure;
  });
  if (scores.size === 0 && failure) {
    await context.journal.commit({ forgottenUnits: { iteration: phase.iteration, phase: phase.phase } });
    throw new PhaseFailedError(phase.phase, items.length, failure);
  }
  return scores;
}

export interface ScoreItemsPhase {
  readonly phase: string;
  readonly iteration: number;
  readonly policies: readonly PolicyRef[];
  readonly items: readonly {
    readonly itemId: string;
    readonly prompt: Prompt;
    readonly responses: readonly Response[];
  }[];
  readonly unitItems: number;
}

/** Log-probabilities of any responses, item by item. */
export async function scoreItems(
  context: RunContext,
  { phase, iteration, policies, items, unitItems }: ScoreItemsPhase,
): Promise<Outcome<readonly Outcome<ResponseLogProbs>[]>[]> {
  const plans = chunked(items, unitItems).map(
    (group, unit): UnitPlan<Awaited<ReturnType<typeof context.policy.score>>> => {
      const request: ScoreUnit = { policies, items: group };
      return {
        key: { iteration, phase, unit },
        request,
        compute: (signal) => context.policy.score(request, { signal }),
      };
    },
  );
  const units = { count: plans.length, countDone: await context.journal.unitCount(iteration, phase) };
  return await context.phases.track({ phase, iteration }, units, async ({ advance }) => {
    const results = await context.units.run(plans, { onDone: () => advance() });
    return { value: results.flat(), figures: { items: items.length } };
  });
}

function bothOf(
  outcome: Outcome<readonly Outcome<ResponseLogProbs>[]>,
): Outcome<readonly [ResponseLogProbs, ResponseLogProbs]> {
  if (!outcome.ok) return outcome;
  const [chosen, rejected] = outcome.value;
  if (chosen?.ok && rejected?.ok) return { ok: true, value: [chosen.value, rejected.value] };
  const bad = [chosen, rejected].find((response) => response && !response.ok);
  return bad && !bad.ok
    ? bad
    : { ok: false, failure: { reason: 'RESPONSE_ABSENT', message: 'a response has no score' } };
}
