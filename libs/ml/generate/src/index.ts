/** @file From logits to tokens: sampling and stop rules. Pure and seeded. */
export { drawToken, type Draw } from './draw-token.js';
export { LogitsNotFiniteError } from './generate.errors.js';
export { keptDistribution, type KeptDistribution, type Truncation } from './kept-distribution.js';
export { logProbOf, logSumExp } from './log-sum-exp.js';
export {
  SampleInProgress,
  sampleUniforms,
  type FinishReason,
  type FinishedSample,
  type SampleKey,
  type SampleRules,
} from './sample-in-progress.js';
