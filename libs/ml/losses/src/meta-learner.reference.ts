/** @file Float64 twin of meta-learner.ts. */
import { assert, present } from '#core';
import { sigmoidReference } from './log-sigmoid.reference.js';

/** Weights of h_φ; the three arrays have one length. */
export interface MetaLearnerNumbers {
  readonly hiddenWeights: ArrayLike<number>; // W1
  readonly hiddenBiases: ArrayLike<number>; // b1
  readonly outputWeights: ArrayLike<number>; // W2
  readonly outputBias: number; // b2
}

/** w = σ(W2 · tanh(W1·s + b1) + b2). */
export function metaLearnerReference(score: number, weights: MetaLearnerNumbers): number {
  const { hiddenWeights, hiddenBiases, outputWeights, outputBias } = weights;
  assert(hiddenWeights.length === hiddenBiases.length && hiddenWeights.length === outputWeights.length, 'hidden sizes');
  let sum = outputBias;
  for (let unit = 0; unit < hiddenWeights.length; unit++) {
    sum += at(outputWeights, unit) * Math.tanh(at(hiddenWeights, unit) * score + at(hiddenBiases, unit));
  }
  return sigmoidReference(sum);
}

function at(numbers: ArrayLike<number>, index: number): number {
  return present(numbers[index], `element ${index}`);
}
