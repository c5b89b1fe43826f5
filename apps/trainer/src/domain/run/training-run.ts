/**
 * @file A run from its first row to its last file. Written as if nothing ever failed: a restart calls the same functions
 * in the same order, and the journal answers for what is done.
 */
import { present, type TensorMap } from '#core';
import type { EvaluationSnapshot, IterationReport } from '#report';
import { Rng } from '#core';
import { metaUpdatesDue } from '../algorithm/meta-buffer.js';
import { referenceOf } from '../algorithm/reference.js';
import { partOf } from '../algorithm/rows.js';
import type { MetaLearnerState } from '../ports/meta-learner-port.js';
import type { PolicyRef } from '../ports/policy-port.js';
import { evaluate } from '../phases/evaluate.js';
import { runIteration, type IterationInput } from '../phases/iteration.js';
import { rescoreEvaluations } from '../phases/rescore.js';
import { offlinePair } from '../phases/sampling-flow.js';
import { trainPolicy } from '../phases/train.js';
import { batchesOf } from '../phases/training-order.js';
import { streamOf } from '../pipeline/streams.js';
import type { Services, RunContext } from './run-context.js';
import { MetaLearnerKeeper } from './meta-learner-keeper.js';
import type { PolicyStart, PolicyState } from './policy-state.js';
import { RowsTooFewError } from './run.errors.js';

/** What a run has to tell so far; it grows while the run goes on. */
export interface RunRecord {
  readonly evaluations: EvaluationSnapshot[];
  readonly iterations: IterationReport[];
}

export interface RunInputs {
  /** The policy before any training. */
  readonly initial: PolicyState;
  /** φ of another run, for `weight.kind: frozen`. */
  readonly frozen: MetaLearnerState | undefined;
  readonly metaLearnerOf: Services['metaLearnerOf'];
}

export interface RunResult {
  readonly policy: PolicyState;
  /** φ at the end; undefined where none was in play. */
  readonly metaLearner: MetaLearnerState | undefined;
}

/** Runs everything; what is known is added to `record` as it becomes known. */
export async function executeRun(context: RunContext, inputs: RunInputs, record: RunRecord): Promise<RunResult> {
  const { config, rows } = context;
  const { iterations, ref_mode } = config.algorithm;
  if (rows.length < iterations) throw new RowsTooFewError(rows.length, iterations);
  const keeper = await openKeeper(context, inputs);
  const weighting = weightingOf(context, keeper);
  const starts: PolicyStart[] = [];
  const evaluateAs = async (stage: string, iteration: number, policy: PolicyState | undefined): Promise<void> => {
    if (context.heldOut.length > 0) record.evaluations.push(await evaluate(context, { stage, iteration, policy }));
  };

  await evaluateAs('sft', 0, undefined);
  let policy = await warmUp(context, inputs.initial);
  await context.recordPolicy(policy.digest, 0);
  if (config.algorithm.warm_up.epochs > 0) await evaluateAs('warm-up', 0, policy);
  for (let iteration = 0; iteration < iterations; iteration++) {
    await context.rewards.begin(iteration);
    starts.push(startOf(context, policy, inputs.initial));
    const reference = referenceOf(
      ref_mode,
      iteration,
      starts.map(({ digest }) => digest),
    );
    await offerReference(context, reference, starts);
    const part = partOf(rows, { iteration, iterations });
    const outcome = await runIteration(context, { iteration, rows: part, start: policy, reference, keeper, weighting });
    policy = outcome.policy;
    await context.recordPolicy(policy.digest, iteration + 1);
    record.iterations.push(outcome.report);
    context.story.ended(outcome.story);
    const isLast = iteration + 1 === iterations;
    if (config.evaluation.every_iteration && !isLast) await evaluateAs(`iteration-${iteration + 1}`, iteration, policy);
  }
  await context.rewards.begin(iterations);
  await evaluateAs('final', iterations - 1, policy);
  if (config.reward_swaps === 'rescore') await rescoreEvaluations(context, record.evaluations);
  return { policy, metaLearner: keeper?.current };
}

/** Plain loss on offline pairs before the first iteration: without it policy and reference agree, and the gate is blind. */
async function warmUp(context: RunContext, initial: PolicyState): Promise<PolicyState> {
  const { config, rows } = context;
  const { epochs, fraction } = config.algorithm.warm_up;
  if (epochs === 0) return initial;
  const share = rows.slice(0, Math.max(1, Math.round(rows.length * fraction)));
  const shuffled = new Rng(config.seed, 'warm-up').shuffled(share);
  const batches = batchesOf(
    shuffled.map((row) => ({ itemId: row.id, prompt: row.prompt, offline: offlinePair(row) })),
    config.optimizer.batch_size,
  );
  return await trainPolicy(context, {
    phase: 'warm-up',
    iteration: 0,
    batches: streamOf(batches),
    stepsExpected: () => batches.length,
    start: initial,
    reference: '',
    peakLearningRate: config.optimizer.warm_up_learning_rate,
    weighting: () => ({ kind: 'constant', value: 1 }),
    keeper: undefined,
  });
}

async function openKeeper(context: RunContext, inputs: RunInputs): Promise<MetaLearnerKeeper | undefined> {
  if (!MetaLearnerKeeper.isNeeded(context.config)) return undefined;
  return await MetaLearnerKeeper.open({
    port: inputs.metaLearnerOf(context.runId),
    journal: context.journal,
    config: context.config,
    requestPrefix: `${context.runId}/${context.attempt}`,
    frozen: inputs.frozen,
    signal: context.abandon,
  });
}

function weightingOf({ config }: RunContext, keeper: MetaLearnerKeeper | undefined): IterationInput['weighting'] {
  const { weight, meta } = config.algorithm;
  const { kind, value } = weight;
  switch (kind) {
    case 'meta':
    case 'frozen':
      return (iteration, steps) => {
        const phi = present(keeper, 'a meta-learner');
        const updates = phi.learns ? metaUpdatesDue(steps, meta.period) : 0;
        return { kind: 'meta', phi: phi.snapshotAfter(iteration, updates) };
      };
    case 'constant':
      return () => ({ kind, value });
    case 'sigmoid':
      return () => ({ kind });
    default:
      return kind satisfies never;
  }
}

/** Later iterations may need this policy as their reference; its artifact is kept, its tensors are not. */
function startOf({ journal, shelf }: RunContext, { digest }: PolicyState, initial: PolicyState): PolicyStart {
  const load = async (): Promise<TensorMap> => {
    if (digest === initial.digest) return initial.tensors;
    return await shelf.load(present(await journal.adapterArtifact(digest), `the artifact of adapter ${digest}`));
  };
  return { digest, load };
}

async function offerReference(
  { shelf }: RunContext,
  reference: PolicyRef,
  starts: readonly PolicyStart[],
): Promise<void> {
  const start = starts.find(({ digest }) => digest === reference);
  if (start) await shelf.offer(start.digest, await start.load());
}
