/** @file h_φ on the host, for the report's curve and for weights that no service is asked for. */
import { metaLearnerReference } from '#ml/losses';
import type { PhiSnapshot } from '../ports/policy-port.js';
import type { MetaLearnerState } from '../ports/meta-learner-port.js';

/** w = h_φ(s), in float64. */
export function phiWeight({ W1, b1, W2, b2 }: PhiSnapshot, score: number): number {
  return metaLearnerReference(score, { hiddenWeights: W1, hiddenBiases: b1, outputWeights: W2, outputBias: b2 });
}

/** The part of a state that weighs. */
export function snapshotOf({ version, parameters: { W1, b1, W2, b2 } }: MetaLearnerState): PhiSnapshot {
  return { version, W1, b1, W2, b2: b2[0] ?? 0 };
}
