/** @file The engine: a language model that scores, generates and takes gradients, in a thread of its own. */
export { openPolicyEngine, type OpenPolicyEngineOptions } from './open-policy-engine.js';
export type { DeviceProfile } from './device/device-profile.js';
export { EngineCore, type EngineCoreOptions } from './engine-core.js';
export {
  AdapterNotResidentError,
  AdapterTooLargeError,
  AdapterUnsupportedOnDeviceError,
  DecodePrecisionUnsupportedError,
  EngineDisposedError,
  EngineFailedError,
  GradientNotFiniteError,
  PromptTooLongError,
  UnitInvalidError,
} from './engine.errors.js';
export {
  LanguageModelTrainer,
  type LanguageModelStep,
  type LanguageModelTrainerOptions,
} from './language-model-trainer.js';
export type {
  ComputeSegment,
  DecodeDivergence,
  DecodePrecision,
  EngineDescription,
  FinishReason,
  GenerateUnit,
  GenerateUsage,
  GeneratedSample,
  GradientResult,
  GradientUnit,
  LossKind,
  MetaLearnerWeights,
  Objective,
  PairValues,
  PolicyEngine,
  PolicyRef,
  ResidentAdapter,
  ResponseLogProbs,
  RowStatistics,
  SamplingSettings,
  ScoreResult,
  ScoreUnit,
  TokenPair,
  TokenSequence,
  UnitOptions,
  Weighting,
} from './policy-engine.js';
export type { RewardPair } from './batching/reward-pair.js';
export {
  RewardTrainer,
  type PairRewards,
  type RewardStep,
  type RewardTrainerOptions,
  type RewardWeights,
} from './reward-trainer.js';
export { CLASSIFIER_HEAD } from './programs/classify-program.js';
export { SequenceClassifier, type ClassifiedSequence, type SequenceClassifierOptions } from './sequence-classifier.js';
export type { GenerationControl, UnitControl } from './units/unit-control.js';
export { fromThreadError, toThreadError } from './thread/thread-error.js';
export type { ThreadError } from './thread/output.js';
