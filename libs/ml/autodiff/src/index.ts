/** @file Reverse-mode differentiation of graphs, and layers whose derivative is known as a whole. */
export { backward, isGradientNode } from './backward.js';
export { attention, type AttentionInputs } from './composites/attention.js';
export { geglu } from './composites/geglu.js';
export { linear, type LinearOptions, type Lora } from './composites/linear.js';
export { swiglu } from './composites/swiglu.js';
export { tokenLogProbs, type TokenLogProbsInputs } from './composites/token-log-probs.js';
export { GradientUnsupportedError, LossNotScalarError } from './autodiff.errors.js';

// For sister packages: the table itself.
export { vjpRules } from './vjp-rules.js';
export { noGradient, type GradientRule, type VjpRule } from './rule.js';

// For tests: small random graphs, and gradients against central differences.
export { draft, type Case, type Draft, type Draw } from './testing/draft.js';
export { gradientError, type GradientError } from './testing/finite-differences.js';
