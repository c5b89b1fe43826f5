/** @file Models in Hugging Face folders and GGUF files: configuration, weights, digest. */
export {
  CARRIED_FILES,
  checkTensors,
  checkpointDigest,
  openCheckpoint,
  saveCheckpoint,
  type Checkpoint,
  type SaveOptions,
} from './checkpoint.js';
export {
  classifierName,
  openClassifierCheckpoint,
  parseClassifierConfig,
  readClassifierConfig,
  type ClassifierCheckpoint,
  type ClassifierConfig,
} from './classifier.js';
export { ARCHITECTURES, type Architecture, type LayerType, type ModelConfig } from './model-config.js';
export { modelTensors, type TensorShape } from './model-tensors.js';
export { ggufArchitecture, ggufConfig, readGgufConfig } from './gguf-config.js';
export { modelKind, requireModelFolder } from './model-folder.js';
export { parseModelConfig, readModelConfig } from './read-config.js';
export {
  ropeAttentionFactor,
  ropeInverseFrequencies,
  type DefaultRope,
  type DynamicRope,
  type LinearRope,
  type Llama3Rope,
  type LongRope,
  type RopeConfig,
  type YarnRope,
} from './rope.js';
export {
  ActivationUnsupportedError,
  ArchitectureUnsupportedError,
  FeatureUnsupportedError,
  ModelConfigInvalidError,
  ModelConfigMissingError,
  RopeTypeUnsupportedError,
  TensorMissingError,
  TensorUnexpectedError,
} from './checkpoint.errors.js';
