/** @file The weight w of an offline pair as a function of its score s, on the host. */
import { sigmoidReference } from '#ml/losses';
import type { Weighting } from '../ports/policy-port.js';
import { phiWeight } from './phi-curve.js';

export function weightAt(weighting: Weighting): (score: number) => number {
  switch (weighting.kind) {
    case 'meta':
      return (score) => phiWeight(weighting.phi, score);
    case 'constant':
      return () => weighting.value;
    case 'sigmoid':
      return sigmoidReference;
    default:
      return weighting satisfies never;
  }
}
