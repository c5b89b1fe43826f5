/** @file Between the messages of `metalearner.proto` and the domain; float32 crosses bit by bit. */
import { RequestInvalidError } from '#core';
import type { Tensor, Tensor__Output } from '#contracts/common';
import type {
  GateDecision,
  GateRequest__Output,
  InitKind__Output,
  MetaLearnerSettings as WireSettings,
  MetaLearnerSettings__Output,
  MetaLearnerState as WireState,
  MetaLearnerState__Output,
  UpdateMetaLearnerRequest__Output,
} from '#contracts/metalearner';
import { okStatus, toItemStatus } from '#platform/rpc';
import type { GateOutcome } from './domain/gate.js';
import { SnapshotInvalidError } from './domain/meta-learner.errors.js';
import {
  DEFAULT_SETTINGS,
  PARAMETER_NAMES,
  mapPhi,
  type InitKind,
  type MetaLearnerSettings,
  type MetaLearnerState,
  type Phi,
} from './domain/phi.js';
import type { GateCommand, UpdateCommand } from './domain/run-registry.js';

const FLOAT32_BYTES = 4;

const initKinds: { readonly [Name in InitKind__Output]: InitKind | undefined } = {
  INIT_KIND_UNSPECIFIED: undefined,
  INIT_KIND_CONSTANT: 'constant',
  INIT_KIND_RANDOM: 'random',
};

/** Settings with every default filled in; 0 stands for the default where the contract says so. */
export function toSettings(settings: MetaLearnerSettings__Output | null): MetaLearnerSettings {
  if (!settings) throw RequestInvalidError.of('settings', 'MetaLearnerSettings', 'none');
  const init = initKinds[settings.init];
  if (!init) throw RequestInvalidError.of('settings.init', 'INIT_KIND_CONSTANT or INIT_KIND_RANDOM', settings.init);
  return {
    hiddenWidth: settings.hiddenWidth || DEFAULT_SETTINGS.hiddenWidth,
    init,
    initSeed: BigInt(settings.initSeed),
    learningRate: orDefault(settings.learningRate, DEFAULT_SETTINGS.learningRate),
    weightDecay: settings.weightDecay ?? DEFAULT_SETTINGS.weightDecay,
    gradientNormMax: orDefault(settings.gradientNormMax, DEFAULT_SETTINGS.gradientNormMax),
    stepsPerUpdate: settings.stepsPerUpdate || DEFAULT_SETTINGS.stepsPerUpdate,
  };
}

/** Unlike `||`, lets NaN through to be refused. */
const orDefault = (value: number, defaultValue: number): number => (value === 0 ? defaultValue : value);

function toWireSettings({ init, initSeed, ...rest }: MetaLearnerSettings): WireSettings {
  const kind = init === 'constant' ? 'INIT_KIND_CONSTANT' : 'INIT_KIND_RANDOM';
  return { ...rest, init: kind, initSeed: String(initSeed) };
}

export function toWireState(state: MetaLearnerState): WireState {
  return {
    version: String(state.version),
    stepCount: String(state.stepCount),
    parameters: toTensors(state.parameters),
    firstMoments: toTensors(state.firstMoments),
    secondMoments: toTensors(state.secondMoments),
    settings: toWireSettings(state.settings),
  };
}

/** @throws SnapshotInvalidError (`SNAPSHOT_INVALID`) where a tensor is missing or of another form */
export function toState(state: MetaLearnerState__Output | null): MetaLearnerState {
  if (!state) throw SnapshotInvalidError.of('state', 'MetaLearnerState', 'none');
  return {
    settings: toSnapshotSettings(state.settings),
    version: Number(state.version),
    stepCount: Number(state.stepCount),
    parameters: toPhi('parameters', state.parameters),
    firstMoments: toPhi('first_moments', state.firstMoments),
    secondMoments: toPhi('second_moments', state.secondMoments),
  };
}

function toSnapshotSettings(settings: MetaLearnerSettings__Output | null): MetaLearnerSettings {
  try {
    return toSettings(settings);
  } catch (thrown) {
    if (thrown instanceof RequestInvalidError) throw new SnapshotInvalidError(thrown.fieldProblems);
    throw thrown;
  }
}

function toTensors(phi: Phi): Tensor[] {
  return PARAMETER_NAMES.map((name) => {
    const data = Buffer.alloc(phi[name].length * FLOAT32_BYTES);
    phi[name].forEach((value, index) => data.writeFloatLE(value, index * FLOAT32_BYTES));
    return { name, dtype: 'DATA_TYPE_F32', dims: [phi[name].length], data };
  });
}

function toPhi(field: string, tensors: readonly Tensor__Output[]): Phi {
  const known: readonly string[] = PARAMETER_NAMES;
  const unknown = tensors.find(({ name }) => !known.includes(name));
  if (unknown) throw SnapshotInvalidError.of(field, `tensors ${known.join(', ')}`, JSON.stringify(unknown.name));
  return mapPhi((name) => {
    const [tensor, second] = tensors.filter((candidate) => candidate.name === name);
    if (!tensor || second) throw SnapshotInvalidError.of(`${field}.${name}`, 'one tensor', tensor ? 'two' : 'none');
    return toFloat32(`${field}.${name}`, tensor);
  });
}

function toFloat32(field: string, { dtype, dims, data }: Tensor__Output): Float32Array {
  if (dtype !== 'DATA_TYPE_F32') throw SnapshotInvalidError.of(`${field}.dtype`, 'DATA_TYPE_F32', dtype);
  const length = data.length / FLOAT32_BYTES;
  if (dims.length !== 1 || Number(dims[0]) !== length) {
    throw SnapshotInvalidError.of(`${field}.dims`, `[${length}] for ${data.length} bytes`, `[${dims.join(', ')}]`);
  }
  return Float32Array.from({ length }, (_, index) => data.readFloatLE(index * FLOAT32_BYTES));
}

export function toGateCommand(request: GateRequest__Output): GateCommand {
  const unnamed = request.items.findIndex(({ itemId }) => itemId === '');
  if (unnamed >= 0) throw RequestInvalidError.of(`items[${unnamed}].item_id`, 'text, not empty', 'none');
  const { runId, items, seed, iteration, expectedVersion, state } = request;
  return {
    runId,
    items,
    seed: BigInt(seed),
    iteration,
    expectedVersion: expectedVersion === undefined ? undefined : Number(expectedVersion),
    state: state ? toState(state) : undefined,
  };
}

export function toGateDecision(outcome: GateOutcome): GateDecision {
  if (outcome.ok) return { ...outcome.decision, status: okStatus() };
  return { itemId: outcome.itemId, status: toItemStatus(outcome.error) };
}

export function toUpdateCommand(request: UpdateMetaLearnerRequest__Output): UpdateCommand {
  const { runId, expectedVersion, requestId, buffer } = request;
  return { runId, expectedVersion: Number(expectedVersion), requestId, entries: buffer };
}
