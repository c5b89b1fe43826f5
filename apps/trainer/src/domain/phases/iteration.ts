/**
 * @file One iteration: score → gate → generate → annotate → pair → train. Samples come from the policy at its start
 * (iteration-level on-policy).
 *
 * Source: arXiv 2509.23371, Algorithm 1, as its released code runs it.
 */
import { Rng } from '#core';
import type { IterationReport } from '#report';
import { snapshotOf } from '../algorithm/phi-curve.js';
import { bestAgainstWorst, isUsable, type OnlinePair, type Pairing } from '../algorithm/pairing.js';
import type { PairScore } from '../algorithm/preference-score.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import { weightAt } from '../algorithm/weight-rule.js';
import type { GateDecision, MetaLearnerState } from '../ports/meta-learner-port.js';
import type { PolicyRef, ResponsePair, Sample, Weighting } from '../ports/policy-port.js';
import { iterationReport } from '../report/iteration-report.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { PolicyState } from '../run/policy-state.js';
import { samplingOf, type RunContext } from '../run/run-context.js';
import { annotate } from './annotate.js';
import { answerOf, responseOf } from './evaluate.js';
import { gateRows } from './gate.js';
import { generateSamples } from './generate.js';
import { scorePairs } from './score.js';
import { trainPolicy, type TrainingRow } from './train.js';

export interface IterationInput {
  readonly iteration: number;
  /** This iteration's part of the data. */
  readonly rows: readonly PreferenceRow[];
  /** The policy that starts it. */
  readonly start: PolicyState;
  readonly reference: PolicyRef;
  /** Absent where no φ is in play. */
  readonly keeper: MetaLearnerKeeper | undefined;
  readonly weighting: () => Weighting;
}

export interface IterationOutcome {
  readonly policy: PolicyState;
  readonly report: IterationReport;
}

/** What an iteration found out about its rows. */
export interface IterationFindings {
  readonly scores: ReadonlyMap<string, PairScore>;
  readonly decisions: ReadonlyMap<string, GateDecision>;
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  readonly pairings: ReadonlyMap<string, Pairing>;
  /** Responses that the training reward was paid for. */
  readonly annotationCount: number;
  readonly onlineScores: ReadonlyMap<string, PairScore>;
}

export async function runIteration(context: RunContext, input: IterationInput): Promise<IterationOutcome> {
  const { iteration, rows, start, reference, keeper } = input;
  const { config, shelf } = context;
  await shelf.offer(start.digest, start.tensors);
  const scores = await scorePairs(context, {
    phase: 'score',
    iteration,
    policy: start.digest,
    reference,
    pairs: rows.map(({ id, prompt, chosen, rejected }) => ({ id, prompt, pair: offlinePair(chosen, rejected) })),
  });
  const gateable = rows.flatMap(({ id }) => {
    const score = scores.get(id)?.score;
    return score === undefined ? [] : [{ itemId: id, score }];
  });
  const decisions = await gateRows(context, { iteration, rows: gateable, keeper });
  const sampledRows = rows.filter(({ id }) => decisions.get(id)?.sampled);
  const samples = await sampleRows(context, input, sampledRows);
  const { pairings, annotationCount } = await annotateAndPair(context, iteration, sampledRows, samples);
  const findings: IterationFindings = {
    scores,
    decisions,
    samples,
    pairings,
    annotationCount,
    onlineScores: await scoreOnline(context, input, sampledRows, pairings),
  };
  const trainable = new Rng(config.seed, 'train', iteration).shuffled(trainingRows(context, rows, findings));
  const policy = await trainPolicy(context, {
    phase: 'train',
    iteration,
    rows: trainable,
    start,
    reference,
    peakLearningRate: config.optimizer.learning_rate,
    weighting: input.weighting,
    keeper,
  });
  // A replay knows later states too: the curve is that of this iteration.
  const curveOf = (state: MetaLearnerState) => weightAt({ kind: 'meta', phi: snapshotOf(state) });
  const fixed = weightAt(input.weighting());
  const report = await iterationReport(context, {
    iteration,
    rows,
    findings,
    weightBefore: keeper ? curveOf(keeper.stateAtStartOf(iteration)) : fixed,
    weightAfter: keeper ? curveOf(keeper.stateAtEndOf(iteration)) : fixed,
    metaUpdateCount: keeper?.updateCount(iteration) ?? 0,
    pairCount: trainable.length,
  });
  return { policy, report };
}

async function sampleRows(
  context: RunContext,
  { iteration, start }: IterationInput,
  rows: readonly PreferenceRow[],
): Promise<Map<string, readonly Sample[]>> {
  const { config } = context;
  if (rows.length === 0) return new Map();
  return await generateSamples(context, {
    phase: 'generate',
    iteration,
    policy: start.digest,
    prompts: rows,
    samplesPerPrompt: config.algorithm.samples_per_prompt,
    sampling: samplingOf(config),
    seedKey: [config.seed, iteration],
  });
}

async function annotateAndPair(
  context: RunContext,
  iteration: number,
  rows: readonly PreferenceRow[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): Promise<Pick<IterationFindings, 'pairings' | 'annotationCount'>> {
  const usable = new Map(rows.map(({ id }) => [id, (samples.get(id) ?? []).filter(isUsable)]));
  const items = rows.flatMap(({ id, prompt }) => {
    const answers = (usable.get(id) ?? []).map(answerOf);
    return answers.length === 0 ? [] : [{ id, prompt, answers }];
  });
  if (items.length === 0) {
    return { pairings: new Map(rows.map(({ id }) => [id, { kind: 'invalid' }])), annotationCount: 0 };
  }
  const model = context.trainingReward;
  const { scores, paid } = await annotate(context, { phase: 'annotate', iteration, model, purpose: 'training', items });
  const pairings = rows.map(({ id }) => [id, bestAgainstWorst(usable.get(id) ?? [], scores.get(id) ?? [])] as const);
  return { pairings: new Map(pairings), annotationCount: paid };
}

/** ℓ_on of each pair at the policy that drew it, for the report; training computes its own. */
async function scoreOnline(
  context: RunContext,
  { iteration, start, reference }: IterationInput,
  rows: readonly PreferenceRow[],
  pairings: ReadonlyMap<string, Pairing>,
): Promise<Map<string, PairScore>> {
  const pairs = rows.flatMap(({ id, prompt }) => {
    const pairing = pairings.get(id);
    return pairing?.kind === 'pair' ? [{ id, prompt, pair: onlinePair(pairing.pair) }] : [];
  });
  if (pairs.length === 0) return new Map();
  return await scorePairs(context, { phase: 'score-online', iteration, policy: start.digest, reference, pairs });
}

/** Rows that reach the loss, in the order of the data. */
function trainingRows(
  { config }: RunContext,
  rows: readonly PreferenceRow[],
  { scores, decisions, pairings }: IterationFindings,
): TrainingRow[] {
  const { gate, weight, keep_unsampled } = config.algorithm;
  // Online DPO has no use for the offline pair, unless φ learns from it.
  const onlineOnly = weight.kind === 'constant' && weight.value === 0 && gate.kind !== 'meta';
  return rows.flatMap(({ id, prompt, chosen, rejected }): TrainingRow[] => {
    const offline = offlinePair(chosen, rejected);
    const pairing = pairings.get(id);
    if (!scores.has(id)) return [];
    if (gate.kind === 'none') return [{ itemId: id, prompt, offline }];
    if (pairing?.kind === 'pair') {
      const online = onlinePair(pairing.pair);
      return [onlineOnly ? { itemId: id, prompt, online } : { itemId: id, prompt, offline, online }];
    }
    const unsampled = decisions.get(id)?.sampled === false;
    return keep_unsampled && unsampled ? [{ itemId: id, prompt, offline, online: offline }] : [];
  });
}

export function offlinePair(chosen: string, rejected: string): ResponsePair {
  return { chosen: { text: chosen, form: 'text' }, rejected: { text: rejected, form: 'text' } };
}

function onlinePair({ chosen, rejected }: OnlinePair): ResponsePair {
  return { chosen: responseOf(chosen), rejected: responseOf(rejected) };
}
