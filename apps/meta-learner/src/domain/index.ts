/** @file The meta-learner without its service: what tests, benchmarks and the golden runner use. */
export { loadTensorFlow, type BackendName, type LoadedTensorFlow, type TensorFlow } from './tensorflow.js';
export { MetaLearner, type MetaStep } from './meta-learner.js';
export type { MetaBuffer, MetaGradient } from './meta-objective.js';
export {
  DEFAULT_SETTINGS,
  PARAMETER_NAMES,
  initialState,
  mapPhi,
  type InitKind,
  type MetaLearnerSettings,
  type MetaLearnerState,
  type ParameterName,
  type Phi,
} from './phi.js';
export { ADAMW_BETA1, ADAMW_BETA2, ADAMW_EPSILON } from './adamw.js';
export { gate, type GateDecision, type GateItem, type GateKey, type GateOutcome } from './gate.js';
export type { BufferEntry } from './buffer-entry.js';
export {
  RunRegistry,
  type GateCommand,
  type RunRegistryLimits,
  type UpdateCommand,
  type UpdateResult,
} from './run-registry.js';
