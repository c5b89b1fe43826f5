/**
 * @file The training phase: one pass over the rows, an optimizer step per batch, and a meta update after every T_meta
 * steps.
 *
 *   θ ← AdamW(θ, clip((1/B) Σ_units Σ_rows ∂/∂θ [−(w ℓ_off + (1 − w) ℓ_on)])),   w = h_φ(s(θ)) carries no gradient
 *
 * A step is durable before the next one begins: parameters and moments as artifacts, then one row of the journal. The
 * policy's optimizer and schedule start anew in every phase; φ and its moments go on.
 *
 * Source: arXiv 2509.23371, Eq. 5. Differs from the paper: w is recomputed from the live policy, as in the release.
 */
import { Rng, present } from '#core';
import {
  adamW,
  clipFactor,
  globalNorm,
  scheduleFactor,
  warmupStepsOf,
  type AdamWState,
  type Optimizer,
} from '#ml/optim';
import { GradientSum } from '../algorithm/gradient-sum.js';
import { bufferOf, metaUpdatesDue, withShuffledOnline } from '../algorithm/meta-buffer.js';
import { chunked } from '../algorithm/rows.js';
import type { GradientResult, GradientUnit, PolicyRef, RowStatistics, Weighting } from '../ports/policy-port.js';
import { tensorsFromBytes, tensorsToBytes } from '../run/adapter-shelf.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { PolicyState } from '../run/policy-state.js';
import type { Phase } from '../run/phase-tracker.js';
import type { RunContext } from '../run/run-context.js';
import type { UnitPlan, UnitReport } from '../run/unit-runner.js';
import type { JournalCommit, StepRecord } from '../storage/journal.js';
import { gradientCodec } from './gradient-codec.js';

export type TrainingRow = GradientUnit['items'][number];

export interface TrainPhase {
  readonly phase: 'warm-up' | 'train';
  readonly iteration: number;
  /** In the order in which they are trained on. */
  readonly rows: readonly TrainingRow[];
  readonly start: PolicyState;
  readonly reference: PolicyRef;
  readonly peakLearningRate: number;
  /** Asked before every step, since φ changes between steps. */
  readonly weighting: () => Weighting;
  /** Learns every `algorithm.meta.period` steps; absent where nothing learns. */
  readonly keeper: MetaLearnerKeeper | undefined;
}

interface Progress {
  readonly policy: PolicyState;
  readonly moments: AdamWState;
}

/** Trains; returns the policy after the last step. */
export async function trainPolicy(context: RunContext, phase: TrainPhase): Promise<PolicyState> {
  const { config, journal } = context;
  const batches = chunked(phase.rows, config.optimizer.batch_size);
  const done = await journal.steps(phase.iteration, phase.phase);
  const name = { phase: phase.phase, iteration: phase.iteration };
  const policy = await context.phases.track(
    name,
    { count: batches.length, countDone: done.length },
    async (tracked) => {
      const optimizer = optimizerOf(context);
      let progress = await resumed(context, phase, { done, optimizer });
      for (const [step, batch] of batches.entries()) {
        const record = done[step];
        if (record) tracked.advance(stepFigures(record));
        else
          progress = await takeStep(
            context,
            { phase, step, stepCount: batches.length, batch, optimizer, tracked },
            progress,
          );
        await updateMetaLearner(context, phase, step + 1);
      }
      return { value: progress.policy, figures: { steps: batches.length } };
    },
  );
  await pruning(context, { spentMoments: name });
  return policy;
}

function optimizerOf({ config: { optimizer } }: RunContext): Optimizer<AdamWState> {
  const { betas, eps, weight_decay } = optimizer;
  return adamW({ beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: weight_decay });
}

/** Where the last committed step left off. */
async function resumed(
  { shelf, artifacts }: RunContext,
  { start }: TrainPhase,
  { done, optimizer }: { readonly done: readonly StepRecord[]; readonly optimizer: Optimizer<AdamWState> },
): Promise<Progress> {
  const last = done.at(-1);
  if (!last) return { policy: start, moments: optimizer.init(start.tensors) };
  const tensors = await shelf.load(present(last.adapterArtifact, 'the adapter of a checkpoint'));
  const policy = { digest: last.adapterDigest, tensors };
  // Null once the phase has ended: then no step is left that would need moments.
  if (last.momentsArtifact === null) return { policy, moments: optimizer.init(tensors) };
  const stored = tensorsFromBytes(await artifacts.get(last.momentsArtifact), last.momentsArtifact);
  return { policy, moments: optimizer.fromTensors(stored) };
}

interface Step {
  readonly phase: TrainPhase;
  /** From 0 within the phase. */
  readonly step: number;
  readonly stepCount: number;
  readonly batch: readonly TrainingRow[];
  readonly optimizer: Optimizer<AdamWState>;
  readonly tracked: Phase;
}

async function takeStep(context: RunContext, at: Step, { policy, moments }: Progress): Promise<Progress> {
  const { config, artifacts, shelf } = context;
  const { phase, step } = at;
  await shelf.offer(policy.digest, policy.tensors);
  const { results, reports } = await gradients(context, at, policy);
  const sum = new GradientSum();
  for (const { gradients: tensors, lossSum, statistics } of results) {
    sum.add({ gradients: tensors, lossSum, rowCount: statistics.length });
  }
  const { gradients: mean, loss } = sum.mean();
  const gradientNorm = globalNorm(mean);
  const learningRate = learningRateOf(context, at);
  const gradientFactor = clipFactor(gradientNorm, config.optimizer.clip);
  const next = at.optimizer.step(policy.tensors, mean, { state: moments, learningRate, gradientFactor });

  const stored = await shelf.store(next.parameters);
  const record: StepRecord = {
    iteration: phase.iteration,
    phase: phase.phase,
    step,
    ...stored,
    momentsArtifact: await artifacts.put(tensorsToBytes(at.optimizer.toTensors(next.state))),
    learningRate,
    gradientNorm,
    loss,
    statistics: JSON.stringify(results.flatMap(({ statistics }) => statistics)),
  };
  await pruning(context, { step: record, spentUnits: reports });
  await shelf.keepOnly([stored.adapterDigest, phase.reference]);
  at.tracked.advance(stepFigures(record));
  return { policy: { digest: stored.adapterDigest, tensors: next.parameters }, moments: next.state };
}

async function gradients(
  context: RunContext,
  { phase, step, batch }: Step,
  policy: PolicyState,
): Promise<{ results: GradientResult[]; reports: UnitReport[] }> {
  const { config, objective } = context;
  const unitsPerStep = Math.ceil(config.optimizer.batch_size / config.units.gradient_items);
  const weighting = phase.weighting();
  const plans = chunked(batch, config.units.gradient_items).map((items, index): UnitPlan<GradientResult> => {
    const request: GradientUnit = { policy: policy.digest, reference: phase.reference, objective, weighting, items };
    return {
      key: { iteration: phase.iteration, phase: phase.phase, unit: step * unitsPerStep + index },
      request,
      compute: (signal) => context.policy.gradient(request, { signal }),
    };
  });
  const reports: UnitReport[] = [];
  // A step of one unit is made durable by its own commit; a copy of the gradient would only be written twice.
  const journaled = plans.length > 1;
  const onDone = (report: UnitReport) => void reports.push(report);
  const results = await context.units.run(plans, { codec: gradientCodec, journaled, onDone });
  return { results, reports };
}

function learningRateOf({ config }: RunContext, { phase, step, stepCount }: Step): number {
  const { kind, min_ratio, warm_up_ratio } = config.optimizer.schedule;
  const schedule = {
    kind,
    totalSteps: stepCount,
    warmupSteps: kind === 'cosine' ? warmupStepsOf(stepCount, warm_up_ratio) : 0,
    leastFactor: min_ratio,
  };
  return phase.peakLearningRate * scheduleFactor(schedule, step);
}

/** After `steps` steps of the iteration: the update that is due now and that the journal lacks. */
async function updateMetaLearner({ config, journal }: RunContext, phase: TrainPhase, steps: number): Promise<void> {
  const { keeper, iteration } = phase;
  const { period, shuffle_online } = config.algorithm.meta;
  if (!keeper?.learns || steps % period !== 0) return;
  if (keeper.updateCount(iteration) >= metaUpdatesDue(steps, period)) return;
  const logged = (await journal.steps(iteration, phase.phase)).slice(steps - period, steps);
  const rows = logged.flatMap(({ statistics }) => JSON.parse(statistics) as RowStatistics[]);
  const buffer = bufferOf(rows);
  const rng = new Rng(config.seed, 'shuffle-online', iteration, steps);
  await keeper.update(iteration, shuffle_online ? withShuffledOnline(buffer, rng) : buffer);
}

/** Commits, then removes the artifacts that this puts out of use. */
async function pruning({ journal, artifacts }: RunContext, commit: JournalCommit): Promise<void> {
  const before = await journal.artifactsInUse();
  await journal.commit(commit);
  const after = await journal.artifactsInUse();
  for (const artifact of before) if (!after.has(artifact)) await artifacts.remove(artifact);
}

function stepFigures({ loss, gradientNorm, learningRate, statistics }: StepRecord): Record<string, number> {
  const rows = JSON.parse(statistics) as RowStatistics[];
  const weight = rows.reduce((sum, row) => sum + row.weight, 0) / rows.length;
  return { loss, gradient_norm: gradientNorm, learning_rate: learningRate, weight };
}
