/**
 * @file The meta-learner of one run: h_φ with its optimizer, as an immutable value.
 *
 * `step` gives a new learner and leaves this one as it was, so that a failed or abandoned update harms nothing and a state
 * that was handed out never changes.
 */
import { adamwStep } from './adamw.js';
import { metaGradient, weightsOf, type MetaBuffer, type MetaGradient } from './meta-objective.js';
import { initialState, type MetaLearnerSettings, type MetaLearnerState } from './phi.js';
import type { TensorFlow } from './tensorflow.js';

export interface MetaStep {
  /** The learner after the step. */
  readonly learner: MetaLearner;
  /** L_meta before the step. */
  readonly loss: number;
  /** Gradient norm before clipping. */
  readonly gradientNorm: number;
}

export class MetaLearner {
  constructor(
    private readonly tf: TensorFlow,
    readonly state: MetaLearnerState,
  ) {}

  static start(tf: TensorFlow, settings: MetaLearnerSettings): MetaLearner {
    return new MetaLearner(tf, initialState(settings));
  }

  /** w = h_φ(s): the weight of the offline pair, and the probability of not sampling. [N] */
  weights(scores: Float32Array): Float32Array {
    return weightsOf(this.tf, this.state.parameters, scores);
  }

  /** L_meta and its gradient, before any clipping. */
  gradient(buffer: MetaBuffer): MetaGradient {
    return metaGradient(this.tf, this.state.parameters, buffer);
  }

  /** One clipped AdamW step on the mean over the buffer. The version stays; `asVersion` raises it. */
  step(buffer: MetaBuffer): MetaStep {
    const gradient = this.gradient(buffer);
    const state = adamwStep(this.tf, this.state, gradient);
    return { learner: new MetaLearner(this.tf, state), loss: gradient.loss, gradientNorm: gradient.gradientNorm };
  }

  /** The same parameters and moments under another version. */
  asVersion(version: number): MetaLearner {
    return new MetaLearner(this.tf, { ...this.state, version });
  }
}
