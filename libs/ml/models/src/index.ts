/** @file Model families. */
export type {
  DecoderModel,
  ModelWeights,
  PrefillInputs,
  PrefillOutputs,
  StepInputs,
  StepOutputs,
} from './decoder-model.js';
export { initialWeights } from './initial-weights.js';
export { decoderModel } from './registry.js';
