/** @file Hugging Face model folders: configuration, weights, digest. */
export {
  checkTensors,
  checkpointDigest,
  openCheckpoint,
  saveCheckpoint,
  type Checkpoint,
  type SaveOptions,
} from './checkpoint.js';
export {
  openClassifierCheckpoint,
  parseClassifierConfig,
  readClassifierConfig,
  type ClassifierCheckpoint,
  type ClassifierConfig,
} from './classifier.js';
export { ARCHITECTURES, modelTensors, type Architecture, type ModelConfig } from './model-config.js';
export { requireModelFolder } from './model-folder.js';
export { parseModelConfig, readModelConfig } from './read-config.js';
export { ropeInverseFrequencies, type DefaultRope, type Llama3Rope, type RopeConfig } from './rope.js';
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
