/** @file Optimizers, gradient clipping and learning-rate schedules; pure functions over named tensors. */
export { adamW, isBiasOrNorm, type AdamWOptions, type AdamWState } from './adamw.js';
export { clipFactor, globalNorm } from './clip.js';
export type { Optimizer, StepInputs, StepResult } from './optimizer.js';
export { scheduleFactor, warmupStepsOf, type Schedule } from './schedule.js';
export { sgd, type SgdState } from './sgd.js';
