/** @file Layers of decoder models, over the graph builder. */
export { attention, type HeadSizes, type KeyValue, type QueryKeyValue } from './attention.js';
export { PROMPTS, SAMPLES, cachedAttention, type CachedAttention, type LayerCache } from './cached-attention.js';
export { embedding } from './embedding.js';
export { geglu } from './geglu.js';
export { linear, type LinearWeights } from './linear.js';
export { MASKED } from './mask.js';
export { outputLogits } from './output-head.js';
export { headNorm, offsetGain, rmsNorm } from './rms-norm.js';
export { partialRope, rope, ropeCaches, type PartialRope, type RopeCaches, type RopeTables } from './rope.js';
export { fusedSwiglu, swiglu, type FusedMlpWeights, type GatedMlpWeights } from './swiglu.js';
