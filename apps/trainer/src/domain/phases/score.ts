/** @file The scoring phase: how well the policy agrees with pairs, against the reference. */
import type { Prompt, Response } from '#contracts/common';
import { pairScore, usesReference, type PairScore } from '../algorithm/preference-score.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { grouped, streamOf } from '../pipeline/streams.js';
import type { Outcome } from '../ports/outcomes.js';
import type { PolicyRef, ResponseLogProbs, ResponsePair, ScoreResult, ScoreUnit } from '../ports/policy-port.js';
import type { RunContext } from '../run/run-context.js';
import { PhaseFailedError } from '../run/run.errors.js';
import { scoredTokens } from './token-counts.js';
import { alone, unitStage, type DoneUnit } from './unit-stage.js';

export interface ScoredPairInput {
  readonly id: string;
  readonly prompt: Prompt;
  readonly pair: ResponsePair;
}

export interface ScoreStage<I> {
  readonly phase: string;
  readonly iteration: number;
  readonly policy: PolicyRef;
  readonly reference: PolicyRef;
  readonly source: AsyncIterable<I>;
  /** Pairs as far as can be told now, never fewer than come. */
  readonly itemsExpected: () => number;
}

export interface ScoredPair<I> {
  readonly item: I;
  /** Undefined when it could not be scored. */
  readonly score: PairScore | undefined;
}

/** Scores pairs, unit by unit, in their order. Halts with PhaseFailedError when none could be scored. */
export async function* scorePairs<I extends ScoredPairInput>(
  context: RunContext,
  pipeline: Pipeline,
  stage: ScoreStage<I>,
): AsyncGenerator<readonly ScoredPair<I>[], void, undefined> {
  const { objective } = context;
  const { phase, iteration, policy, reference } = stage;
  const policies = usesReference(objective) ? [policy, reference] : [policy];
  const scored = scoreUnits(context, pipeline, {
    ...stage,
    policies,
    responsesOf: ({ pair }: I) => [pair.chosen, pair.rejected],
    isNoted: true,
    refused: async (outcomes) => {
      const both = outcomes.map(bothOf);
      const [first] = both;
      if (!first || first.ok || both.some(({ ok }) => ok)) return;
      await context.journal.commit({ forgottenUnits: { iteration, phase } });
      throw new PhaseFailedError(phase, outcomes.length, first.failure);
    },
  });
  for await (const { items, result } of scored) {
    yield items.map((item, index) => {
      const logProbs = bothOf(result[index]!);
      return { item, score: logProbs.ok ? pairScore(logProbs.value[0], logProbs.value[1], objective) : undefined };
    });
  }
}

interface ScoreUnits<I> extends Pick<ScoreStage<I>, 'phase' | 'iteration' | 'source' | 'itemsExpected'> {
  readonly policies: readonly PolicyRef[];
  readonly responsesOf: (item: I) => readonly Response[];
  /** True notes which rows each unit held. @default false */
  readonly isNoted?: boolean;
  /** Throws when all that came of it is not worth going on with. */
  readonly refused?: (outcomes: ScoreResult) => Promise<void>;
}

function scoreUnits<I extends { readonly id: string; readonly prompt: Prompt }>(
  context: RunContext,
  pipeline: Pipeline,
  { phase, iteration, policies, source, itemsExpected, responsesOf, isNoted, refused }: ScoreUnits<I>,
): AsyncIterable<DoneUnit<I, ScoreResult>> {
  const { score_items } = context.config.units;
  return unitStage<I, ScoreResult>(context, pipeline, {
    phase,
    iteration,
    source: grouped(source, score_items),
    unitsExpected: () => Math.ceil(itemsExpected() / score_items),
    planOf: (group, key) => {
      const items = group.map((item) => ({ itemId: item.id, prompt: item.prompt, responses: responsesOf(item) }));
      const request: ScoreUnit = { policies, items };
      return { key, service: 'policy', request, compute: (signal) => context.policy.score(request, { signal }) };
    },
    noteOf: isNoted ? (group) => ({ items: group.map(({ id }) => id) }) : undefined,
    tokensOf: scoredTokens,
    ended: async (results) => {
      const outcomes = results.flat();
      await refused?.(outcomes);
      return { items: outcomes.length };
    },
  });
}

export interface ScoreItemsPhase {
  readonly phase: string;
  readonly iteration: number;
  readonly policies: readonly PolicyRef[];
  readonly items: readonly { readonly id: string; readonly prompt: Prompt; readonly responses: readonly Response[] }[];
}

/** Log-probabilities of any responses, item by item. */
export async function scoreItems(
  context: RunContext,
  { phase, iteration, policies, items }: ScoreItemsPhase,
): Promise<Outcome<readonly Outcome<ResponseLogProbs>[]>[]> {
  const units = await alone((pipeline) =>
    scoreUnits(context, pipeline, {
      phase,
      iteration,
      policies,
      source: streamOf(items),
      itemsExpected: () => items.length,
      responsesOf: ({ responses }) => responses,
    }),
  );
  return units.flatMap(({ result }) => result);
}

/** Log-probabilities of both responses of a pair, or why one is missing. */
export function bothOf(
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
