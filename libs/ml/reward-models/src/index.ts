/** @file Reward models that are computed: classifiers over language models and exported encoders, in threads of their own. */
export { BATCH_TOKENS_MAX_DEFAULT, type BatchingOptions } from './batching/batching-options.js';
export type { Classifier, EncodedInput } from './classifier.js';
export { conversationOf } from './conversation.js';
export { LmClassifier, scorePosition } from './lm-classifier.js';
export { OnnxClassifier } from './onnx-classifier.js';
export { openRewardModel, type OpenRewardModelOptions } from './open-reward-model.js';
export type { RewardInput, RewardModelDescription, RewardOutcome, RewardPrompt, RewardScore } from './reward-model.js';
export type {
  Activation,
  ClassifierSettings,
  LmClassifierSpec,
  OnnxClassifierSpec,
  RewardModelSpec,
  Truncation,
} from './settings.js';
export {
  ThreadedRewardModel,
  type RewardCallOptions,
  type RewardWork,
  type ThreadWatcher,
} from './threaded-reward-model.js';
export {
  ClassifierInvalidError,
  LabelNotChosenError,
  RewardInputFailedError,
  RewardInputTooLongError,
  RewardLogitNotFiniteError,
  RewardThreadEndedError,
} from './reward-models.errors.js';

// For tests and benchmarks: folders with tiny classifiers, and their tokenizer.
export { characterTokenizer, characterVocabulary } from './testing/character-tokenizer.js';
export {
  TINY_TEMPLATE,
  TINY_TOKEN,
  writeTinyLmClassifier,
  writeTinyOnnxClassifier,
} from './testing/tiny-classifiers.js';
export type { TinyLmOptions, TinyOnnxOptions } from './testing/tiny-classifiers.js';
