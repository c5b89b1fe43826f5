/**
 * @file Where a training stands: what is trained, the optimizer's moments, and what was seen on the way. As one file it is
 * there whole or not at all, and reading it back gives the same bits; so a training that was killed goes on as if not.
 */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, type F32Tensor, type TensorMap } from '#core';
import type { PairRewards } from '#ml/engine';
import { adamW, type AdamWState, type Optimizer } from '#ml/optim';
import { TORCH_METADATA, readTensorFile, toF32Tensor, writeTensors } from '#ml/tensor';
import { TrainingCheckpointDamagedError, TrainingInputsChangedError } from './reward-training.errors.js';
import type { OptimizerSettings } from './settings.js';
import { sync } from './sync.js';

/** One optimizer step, as reports show it. */
export interface StepRecord {
  /** From 1. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
  readonly pairCount: number;
  readonly tokenCount: number;
  /** Mean over the batch, before the step. */
  readonly loss: number;
  /** Share of the batch whose chosen response has the higher reward. */
  readonly accuracy: number;
  readonly chosenMean: number;
  readonly rejectedMean: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
}

export interface TrainingState {
  readonly trained: TensorMap;
  readonly optimizer: AdamWState;
  readonly steps: readonly StepRecord[];
  /** Rewards of the held-out pairs before the first step; null until they are known. */
  readonly before: readonly PairRewards[] | null;
  /** Time of work in all processes so far. */
  readonly workMs: number;
}

/** What a training's result depends on, by name: what a checkpoint must not be gone on with when it differs. */
export type TrainingInputs = Readonly<Record<string, string>>;

/** What stands beside the tensors, as JSON. */
interface Recorded extends Pick<TrainingState, 'steps' | 'before' | 'workMs'> {
  readonly format: typeof FORMAT;
  readonly inputs: TrainingInputs;
}

export const CHECKPOINT_FILE = 'checkpoint.safetensors';
const FORMAT = 'metaapo.reward-training/1';
const RECORD = 'metaapo.reward_training';
const TRAINED = 'trained.';
const OPTIMIZER = 'optimizer.';

export function optimizerOf({ betas, epsilon, weightDecay }: OptimizerSettings): Optimizer<AdamWState> {
  const [beta1, beta2] = betas;
  return adamW({ beta1, beta2, epsilon, weightDecay });
}

/** Keeps the state in the place of the one before; when this resolves, it outlives a power cut. */
export async function writeState(
  runDirectory: string,
  state: TrainingState,
  { inputs, optimizer }: { readonly inputs: TrainingInputs; readonly optimizer: Optimizer<AdamWState> },
): Promise<void> {
  const { steps, before, workMs } = state;
  const record: Recorded = { format: FORMAT, inputs, steps, before, workMs };
  const tensors = new Map([
    ...prefixed(TRAINED, state.trained),
    ...prefixed(OPTIMIZER, optimizer.toTensors(state.optimizer)),
  ]);
  const path = join(runDirectory, CHECKPOINT_FILE);
  await writeTensors(path, tensors, { metadata: { ...TORCH_METADATA, [RECORD]: JSON.stringify(record) } });
  await sync(dirname(path));
}

/**
 * The state that a process before has kept; undefined where there is none.
 *
 * @param names of what is trained, in order
 * @throws TrainingInputsChangedError, TrainingCheckpointDamagedError
 */
export async function readState(
  runDirectory: string,
  names: Iterable<string>,
  { inputs, optimizer }: { readonly inputs: TrainingInputs; readonly optimizer: Optimizer<AdamWState> },
): Promise<TrainingState | undefined> {
  const path = join(runDirectory, CHECKPOINT_FILE);
  if (!(await stat(path).catch(() => undefined))) return undefined;
  const damaged = (problem: string, cause?: unknown) => new TrainingCheckpointDamagedError(path, problem, cause);
  const file = await readTensorFile(path).catch((cause: unknown) => {
    throw damaged(`cannot be read: ${messageOf(cause)}`, cause);
  });
  const record = recordOf(file.metadata[RECORD]);
  if (record?.format !== FORMAT) throw damaged(`expected a checkpoint of ${FORMAT}, found something else`);
  const changed = Object.keys(inputs).filter((name) => inputs[name] !== record.inputs[name]);
  if (changed.length > 0) throw new TrainingInputsChangedError(runDirectory, changed);
  const tensors = new Map(
    [...file.tensors].map(([name, stored]) => [name, toF32Tensor(stored, { name, where: path })]),
  );
  const trained = new Map<string, F32Tensor>();
  for (const name of names) {
    const tensor = tensors.get(`${TRAINED}${name}`);
    if (!tensor) throw damaged(`tensor ${name} is missing`);
    trained.set(name, tensor);
  }
  const { steps, before, workMs } = record;
  return { trained, optimizer: optimizer.fromTensors(unprefixed(OPTIMIZER, tensors)), steps, before, workMs };
}

function recordOf(json: string | undefined): Recorded | undefined {
  try {
    return JSON.parse(json ?? 'null') as Recorded;
  } catch {
    return undefined;
  }
}

function prefixed(prefix: string, tensors: TensorMap): [string, F32Tensor][] {
  return [...tensors].map(([name, tensor]) => [`${prefix}${name}`, tensor]);
}

function unprefixed(prefix: string, tensors: TensorMap): TensorMap {
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
