/**
 * @file One iteration: pairs are sampled (`sampling-flow.ts`), scored for the report, and trained on, side by side. Samples
 * come from the policy at its start (iteration-level on-policy).
 *
 * Source: arXiv 2509.23371, Algorithm 1, as its released code runs it.
 */
import { Rng } from '#core';
import type { IterationReport } from '#report';
import { snapshotOf } from '../algorithm/phi-curve.js';
import type { PreferenceRow } from '../algorithm/rows.js';
import { weightAt } from '../algorithm/weight-rule.js';
import { BoundedQueue } from '../pipeline/bounded-queue.js';
import { Pipeline } from '../pipeline/pipeline.js';
import type { MetaLearnerState } from '../ports/meta-learner-port.js';
import type { PolicyRef, ResponsePair, Weighting } from '../ports/policy-port.js';
import type { IterationStory } from '../budget/spending-story.js';
import { iterationReport } from '../report/iteration-report.js';
import { iterationStory } from '../report/iteration-story.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { PolicyState } from '../run/policy-state.js';
import type { RunContext } from '../run/run-context.js';
import { SamplingFindings, type RowFate } from './sampling-findings.js';
import { offlinePair, onlinePair, samplePairs } from './sampling-flow.js';
import { scorePairs } from './score.js';
import { trainPolicy } from './train.js';
import { trainingOrder, type TrainingRow } from './training-order.js';

export interface IterationInput {
  readonly iteration: number;
  /** This iteration's part of the data. */
  readonly rows: readonly PreferenceRow[];
  /** The policy that starts it. */
  readonly start: PolicyState;
  readonly reference: PolicyRef;
  /** Absent where no φ is in play. */
  readonly keeper: MetaLearnerKeeper | undefined;
  /** The weighting after so many steps of an iteration. */
  readonly weighting: (iteration: number, steps: number) => Weighting;
}

export interface IterationOutcome {
  readonly policy: PolicyState;
  readonly report: IterationReport;
  readonly story: IterationStory;
}

interface Iteration {
  readonly context: RunContext;
  readonly input: IterationInput;
  readonly pipeline: Pipeline;
  readonly findings: SamplingFindings;
  /** True while units may still ask the policy at the start. */
  isStartInUse: boolean;
}

export async function runIteration(context: RunContext, input: IterationInput): Promise<IterationOutcome> {
  const { rows, start, reference } = input;
  await context.shelf.offer(start.digest, start.tensors);
  const pipeline = new Pipeline();
  const findings = new SamplingFindings(rows.length);
  pipeline.onHalt((reason) => findings.fail(reason));
  const iteration: Iteration = { context, input, pipeline, findings, isStartInUse: true };
  sample(iteration);
  const { trained, pairCount } = train(iteration);
  await pipeline.finish();
  const policy = await trained;
  await context.shelf.keepOnly([policy.digest, reference]);
  return { policy, report: await reportOf(iteration, pairCount()), story: iterationStory(context, input, findings) };
}

type PairedRow = PreferenceRow & { readonly pair: ResponsePair };

/** Samples pairs, and scores them at the policy that drew them: for the report; training computes its own. */
function sample(of: Iteration): void {
  const { context, pipeline, findings } = of;
  const { iteration, rows, start, reference } = of.input;
  const policy = start.digest;
  // Room for all of them: what waits here is in memory anyway, and the report must not hold up training.
  const paired = new BoundedQueue<PairedRow>(Math.max(1, rows.length));
  pipeline.onHalt((reason) => paired.fail(reason));
  void pipeline.start(async () => {
    for await (const { row, pair } of samplePairs(context, pipeline, { ...of.input, policy, findings })) {
      paired.put({ ...row, pair: onlinePair(pair) });
    }
    paired.end();
    findings.annotated.resolve();
  });
  const scored = scorePairs(context, pipeline, {
    phase: 'score-online',
    iteration,
    policy,
    reference,
    source: paired,
    itemsExpected: () => findings.open.pair,
  });
  void pipeline.start(async () => {
    for await (const unit of scored) {
      for (const { item, score } of unit) if (score) findings.onlineScores.set(item.id, score);
    }
    of.isStartInUse = false;
  });
}

function train(of: Iteration): { readonly trained: Promise<PolicyState>; readonly pairCount: () => number } {
  const { context, pipeline, findings } = of;
  const { iteration, rows, start, reference, keeper, weighting } = of.input;
  const { config } = context;
  const { batches, stepsExpected, rowCount } = trainingOrder({
    order: config.optimizer.order,
    batchSize: config.optimizer.batch_size,
    rows,
    rng: new Rng(config.seed, 'train', iteration),
    fateOf: async (row) => {
      const fate = await findings.fates.of(row.id);
      // A phase in which everything fails is forgotten and done again: nothing may have been trained on by then.
      if (fate.kind !== 'pair' && config.algorithm.gate.kind !== 'none') await findings.annotated.promise;
      return trainingRow(context, row, fate);
    },
  });
  const trained = pipeline.start(() =>
    trainPolicy(context, {
      phase: 'train',
      iteration,
      batches,
      stepsExpected,
      start,
      reference,
      peakLearningRate: config.optimizer.learning_rate,
      weighting: (steps) => weighting(iteration, steps),
      keeper,
      inUseElsewhere: () => (of.isStartInUse ? [start.digest] : []),
      halted: pipeline.halted,
    }),
  );
  return { trained, pairCount: rowCount };
}

/** The row as the loss sees it; undefined for one that does not reach the loss. */
function trainingRow({ config }: RunContext, row: PreferenceRow, fate: RowFate): TrainingRow | undefined {
  const { gate, weight, keep_unsampled } = config.algorithm;
  const { id: itemId, prompt } = row;
  const offline = offlinePair(row);
  if (fate.kind === 'unscored') return undefined;
  if (gate.kind === 'none') return { itemId, prompt, offline };
  if (fate.kind === 'pair') {
    const online = onlinePair(fate.pair);
    // Online DPO has no use for the offline pair, unless φ learns from it.
    const onlineOnly = weight.kind === 'constant' && weight.value === 0 && gate.kind !== 'meta';
    return onlineOnly ? { itemId, prompt, online } : { itemId, prompt, offline, online };
  }
  if (fate.kind === 'lost') return { itemId, prompt, offline, isOffline: true };
  return keep_unsampled && fate.kind === 'unsampled' ? { itemId, prompt, offline, online: offline } : undefined;
}

async function reportOf({ context, input, findings }: Iteration, pairCount: number): Promise<IterationReport> {
  const { iteration, rows, keeper, weighting } = input;
  // A replay knows later states too: the curve is that of this iteration.
  const curveOf = (state: MetaLearnerState) => weightAt({ kind: 'meta', phi: snapshotOf(state) });
  const fixed = () => weightAt(weighting(iteration, 0));
  return await iterationReport(context, {
    iteration,
    rows,
    findings,
    weightBefore: keeper ? curveOf(keeper.stateAtStartOf(iteration)) : fixed(),
    weightAfter: keeper ? curveOf(keeper.stateAtEndOf(iteration)) : fixed(),
    metaUpdateCount: keeper?.updateCount(iteration) ?? 0,
    pairCount,
  });
}
