/** @file Model families. */
export type {
  DecoderModel,
  PrefillInputs,
  PrefillLayer,
  PrefillOutputs,
  StepInputs,
  StepLayer,
  StepOutputs,
} from './decoder-model.js';
export type { ModelWeights } from './family.js';
export { initialWeights } from './initial-weights.js';
export { decoderModel } from './registry.js';
