/**
 * @file The training phase: one pass over the rows, an optimizer step per batch, and a meta update after every T_meta
 * steps.
 *
 *   θ ← AdamW(θ, clip((1/B) Σ_units Σ_rows ∂/∂θ [−(w ℓ_off + (1 − w) ℓ_on)])),   w = h_φ(s(θ)) carries no gradient
 *
 * Steps become durable in their order: what a step saw as a row of the journal, and at a checkpoint, which by default every
 * step is, parameters and moments as artifacts. Meanwhile the next step's gradients are computed; it waits with its own
 * record, and φ learns from steps that are durable. A restart goes on from the last checkpoint; steps after it are
 * computed again, and must come out as the journal has them. The policy's optimizer and schedule start anew in every phase;
 * φ and its moments go on.
 *
 * Source: arXiv 2509.23371, Eq. 5. Differs from the paper: w is recomputed from the live policy, as in the release.
 */
import { Rng, type Digest, type TensorMap } from '#core';
import { adamW, type AdamWState, type Optimizer } from '#ml/optim';
import { bufferOf, metaUpdatesDue, withShuffledOnline } from '../algorithm/meta-buffer.js';
import { lastMarked } from '../pipeline/streams.js';
import type { PolicyRef, RowStatistics, Weighting } from '../ports/policy-port.js';
import { tensorsFromBytes, tensorsToBytes } from '../run/adapter-shelf.js';
import type { MetaLearnerKeeper } from '../run/meta-learner-keeper.js';
import type { OpenPhase } from '../run/phase-tracker.js';
import type { PolicyState } from '../run/policy-state.js';
import type { RunContext } from '../run/run-context.js';
import { StepDivergedError } from '../run/run.errors.js';
import type { JournalCommit, StepRecord } from '../storage/journal.js';
import type { Batch } from './training-order.js';
import { computeStep, type StepResult } from './training-step.js';

export interface TrainPhase {
  readonly phase: 'warm-up' | 'train';
  readonly iteration: number;
  /** In the order in which they are trained on. */
  readonly batches: AsyncIterable<Batch>;
  /** Steps as far as can be told now, never fewer than come. */
  readonly stepsExpected: () => number;
  readonly start: PolicyState;
  readonly reference: PolicyRef;
  readonly peakLearningRate: number;
  /** The weighting after so many steps of the phase, since φ changes between steps. */
  readonly weighting: (steps: number) => Weighting;
  /** Learns every `algorithm.meta.period` steps; absent where nothing learns. */
  readonly keeper: MetaLearnerKeeper | undefined;
  /** Adapters that others still use. */
  readonly inUseElsewhere?: () => readonly PolicyRef[];
  /** Aborted: units that wait for a place are given up. */
  readonly halted?: AbortSignal;
}

/** Trains; returns the policy after the last step. */
export async function trainPolicy(context: RunContext, phase: TrainPhase): Promise<PolicyState> {
  const name = { phase: phase.phase, iteration: phase.iteration };
  const done = await context.journal.steps(phase.iteration, phase.phase);
  const begin = () => context.phases.begin(name, { expected: phase.stepsExpected, countDone: done.length });
  let tracked: OpenPhase | undefined;
  let work: Work | undefined;
  let steps = 0;
  try {
    for await (const { item: batch, isLast } of withLastMarked(context, phase)) {
      const open = (tracked ??= begin());
      work ??= await resumed(context, phase, done);
      const held = done[steps];
      const told = (record: StepRecord): void => open.advance(stepFigures(record));
      if (held && steps < work.from) told(held);
      else await takeStep(context, phase, { work, step: steps, batch, isLast, held, told });
      steps += 1;
      const keeper = learnerDue(context, phase, steps);
      if (keeper) {
        await work.durable;
        await updateMetaLearner(context, phase, { keeper, steps });
      }
    }
    await work?.durable;
    tracked ??= begin();
    await tracked.close({ steps });
  } finally {
    // What failed must not leave a commit behind, at work on what is being closed.
    await work?.durable.catch(() => {});
    await tracked?.close();
  }
  await pruning(context, { spentMoments: name });
  return work?.policy ?? phase.start;
}

/** Where training stands: moved on by every step. */
interface Work {
  readonly optimizer: Optimizer<AdamWState>;
  /** The first step that is computed in this process. */
  readonly from: number;
  policy: PolicyState;
  moments: AdamWState;
  /** Settles when all steps that were taken are durable. */
  durable: Promise<void>;
}

/** The last step must be a checkpoint; where not every step is one, a step waits until it is known whether it is the last. */
async function* withLastMarked(
  { config }: RunContext,
  { batches }: TrainPhase,
): AsyncGenerator<{ readonly item: Batch; readonly isLast: boolean }, void, undefined> {
  if (config.storage.checkpoint_steps > 1) yield* lastMarked(batches);
  else for await (const item of batches) yield { item, isLast: false };
}

/** Where the last checkpoint left off. */
async function resumed(
  { shelf, artifacts, config }: RunContext,
  { start }: TrainPhase,
  done: readonly StepRecord[],
): Promise<Work> {
  const { betas, eps, weight_decay } = config.optimizer;
  const optimizer = adamW({ beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay: weight_decay });
  const hasEnded = done.length > 0 && done.every(({ momentsArtifact }) => momentsArtifact === null);
  // Once the phase has ended no step is left that would need moments.
  const last = done.findLastIndex(
    (step) => step.momentsArtifact !== null || (hasEnded && step.adapterArtifact !== null),
  );
  const { adapterDigest, adapterArtifact, momentsArtifact } = done[last] ?? {};
  const durable = Promise.resolve();
  if (!adapterDigest || !adapterArtifact) {
    return { optimizer, from: 0, policy: start, moments: optimizer.init(start.tensors), durable };
  }
  const tensors = await shelf.load(adapterArtifact);
  const policy = { digest: adapterDigest, tensors };
  if (!momentsArtifact) return { optimizer, from: last + 1, policy, moments: optimizer.init(tensors), durable };
  const stored = tensorsFromBytes(await artifacts.get(momentsArtifact), momentsArtifact);
  return { optimizer, from: last + 1, policy, moments: optimizer.fromTensors(stored), durable };
}

interface StepPlace {
  readonly work: Work;
  /** From 0 within the phase. */
  readonly step: number;
  readonly batch: Batch;
  readonly isLast: boolean;
  /** The step as the journal has it, where it is computed again. */
  readonly held: StepRecord | undefined;
  /** Hears what the journal has of the step, once it has it. */
  readonly told: (record: StepRecord) => void;
}

/** Takes a step and moves the work on; returns when the policy service has the new adapter. */
async function takeStep(
  context: RunContext,
  phase: TrainPhase,
  { work, step, batch, isLast, held, told }: StepPlace,
): Promise<void> {
  const { shelf, config } = context;
  const { iteration, reference, peakLearningRate, halted } = phase;
  const { policy, moments, optimizer } = work;
  await shelf.offer(policy.digest, policy.tensors);
  const result = await computeStep(context, {
    iteration,
    phase: phase.phase,
    step,
    batch,
    policy,
    moments,
    reference,
    weighting: phase.weighting(step),
    peakLearningRate,
    optimizer,
    journaled: held === undefined,
    halted,
  });
  const digest = shelf.digestOf(result.parameters);
  if (held && held.adapterDigest !== digest) throw new StepDivergedError(`${iteration}/${phase.phase}/${step}`);
  const isCheckpoint = isLast || (step + 1) % config.storage.checkpoint_steps === 0;
  const publish = async (): Promise<void> => {
    await shelf.offer(digest, result.parameters);
    await shelf.keepOnly([digest, reference, ...(phase.inUseElsewhere?.() ?? [])]);
  };
  const commit = async (): Promise<void> => {
    told(held ?? (await commitStep(context, phase, { step, digest, result, optimizer, isCheckpoint })));
  };
  await work.durable;
  const published = publish(); // first, since the next step waits for it alone
  work.durable = commit();
  work.durable.catch(() => {}); // whoever waits for it hears
  work.policy = { digest, tensors: result.parameters };
  work.moments = result.moments;
  await published;
}

async function commitStep(
  context: RunContext,
  { iteration, phase }: TrainPhase,
  {
    step,
    digest,
    result,
    optimizer,
    isCheckpoint,
  }: {
    readonly step: number;
    readonly digest: Digest;
    readonly result: StepResult;
    readonly optimizer: Optimizer<AdamWState>;
    readonly isCheckpoint: boolean;
  },
): Promise<StepRecord> {
  const { parameters, moments, learningRate, gradientNorm, loss, statistics, units } = result;
  const stored = async (tensors: TensorMap) =>
    isCheckpoint ? await context.artifacts.put(tensorsToBytes(tensors)) : null;
  const [adapterArtifact, momentsArtifact] = await together(stored(parameters), stored(optimizer.toTensors(moments)));
  const record: StepRecord = {
    iteration,
    phase,
    step,
    adapterDigest: digest,
    adapterArtifact,
    momentsArtifact,
    learningRate,
    gradientNorm,
    loss,
    statistics: JSON.stringify(statistics),
  };
  await pruning(context, { step: record, spentUnits: units });
  return record;
}

/** After `steps` steps of the iteration: who learns now, where the journal lacks the update. */
function learnerDue({ config }: RunContext, { keeper, iteration }: TrainPhase, steps: number) {
  const { period } = config.algorithm.meta;
  if (!keeper?.learns || steps % period !== 0) return undefined;
  return keeper.updateCount(iteration) < metaUpdatesDue(steps, period) ? keeper : undefined;
}

/** From the statistics of the last `period` steps, as the journal has them. */
async function updateMetaLearner(
  { config, journal }: RunContext,
  { phase, iteration }: TrainPhase,
  { keeper, steps }: { readonly keeper: MetaLearnerKeeper; readonly steps: number },
): Promise<void> {
  const { period, shuffle_online } = config.algorithm.meta;
  const logged = (await journal.steps(iteration, phase)).slice(steps - period, steps);
  const rows = logged.flatMap(({ statistics }) => JSON.parse(statistics) as RowStatistics[]);
  const buffer = bufferOf(rows);
  if (buffer.length === 0) {
    await keeper.updateOnNothing(iteration);
    return;
  }
  const rng = new Rng(config.seed, 'shuffle-online', iteration, steps);
  await keeper.update(iteration, shuffle_online ? withShuffledOnline(buffer, rng) : buffer);
}

/** Both results, once both have ended: what fails must not leave the other one behind, at work on what is being closed. */
async function together<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b]);
  return await Promise.all([a, b]);
}

/** Commits, then removes the artifacts that this puts out of use. */
async function pruning({ journal, artifacts }: RunContext, commit: JournalCommit): Promise<void> {
  const before = await journal.artifactsInUse();
  await journal.commit(commit);
  const after = await journal.artifactsInUse();
  await Promise.all(
    [...before].filter((artifact) => !after.has(artifact)).map((artifact) => artifacts.remove(artifact)),
  );
}

function stepFigures({ loss, gradientNorm, learningRate, statistics }: StepRecord): Record<string, number> {
  const rows = JSON.parse(statistics) as RowStatistics[];
  const weight = rows.reduce((sum, row) => sum + row.weight, 0) / rows.length;
  return { loss, gradient_norm: gradientNorm, learning_rate: learningRate, weight, rows: rows.length };
}
