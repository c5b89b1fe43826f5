/**
 * @file One AdamW step on φ, with the gradient's norm clipped first, on TensorFlow.js.
 *
 *   g ← g · min(1, c / (‖g‖ + 10⁻⁶))                  ‖g‖ over all parameters together
 *   m ← β1 m + (1 − β1) g          v ← β2 v + (1 − β2) g²
 *   θ ← θ (1 − η λ) − (η / (1 − β1ᵗ)) · m / ( √v / √(1 − β2ᵗ) + ε )      λ = 0 for biases
 *
 * Source: Loshchilov and Hutter 2019, arXiv 1711.05101, Algorithm 2, in the order PyTorch computes it. TensorFlow.js has
 * no AdamW of its own (`tf.train.adam` adds ε elsewhere and does not decay).
 */
import type { Tensor1D } from '@tensorflow/tfjs';
import type { MetaGradient } from './meta-objective.js';
import { mapPhi, type MetaLearnerState, type ParameterName } from './phi.js';
import type { TensorFlow } from './tensorflow.js';

/** β1, β2 and ε as in PyTorch's defaults, which the authors' release uses for the meta-learner. */
export const ADAMW_BETA1 = 0.9;
export const ADAMW_BETA2 = 0.999;
export const ADAMW_EPSILON = 1e-8;
/** Keeps the clip factor finite; PyTorch's `clip_grad_norm_` has the same. */
const CLIP_EPSILON = 1e-6;

/** Biases are spared from decay, as in the authors' release. */
const decays: { readonly [Name in ParameterName]: boolean } = { W1: true, b1: false, W2: true, b2: false };

/** The state after one step; the version stays, since an update may take several steps. */
export function adamwStep(tf: TensorFlow, state: MetaLearnerState, gradient: MetaGradient): MetaLearnerState {
  const stepCount = state.stepCount + 1;
  const clipFactor = Math.min(1, state.settings.gradientNormMax / (gradient.gradientNorm + CLIP_EPSILON));
  const stepped = (name: ParameterName) => stepParameter(tf, state, name, gradient.gradients[name], clipFactor);
  const [w1, b1, w2, b2] = [stepped('W1'), stepped('b1'), stepped('W2'), stepped('b2')];
  const results = { W1: w1, b1, W2: w2, b2 };
  return {
    ...state,
    stepCount,
    parameters: mapPhi((name) => results[name].parameter),
    firstMoments: mapPhi((name) => results[name].firstMoment),
    secondMoments: mapPhi((name) => results[name].secondMoment),
  };
}

interface SteppedParameter {
  readonly parameter: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

function stepParameter(
  tf: TensorFlow,
  state: MetaLearnerState,
  name: ParameterName,
  gradient: Float32Array,
  clipFactor: number,
): SteppedParameter {
  const { learningRate, weightDecay } = state.settings;
  const step = state.stepCount + 1;
  const stepSize = learningRate / (1 - ADAMW_BETA1 ** step);
  const secondCorrection = Math.sqrt(1 - ADAMW_BETA2 ** step);
  const keep = decays[name] ? 1 - learningRate * weightDecay : 1;
  return tf.tidy(() => {
    const g = tf.mul(tf.tensor1d(gradient), clipFactor);
    const m = tf.add(tf.mul(tf.tensor1d(state.firstMoments[name]), ADAMW_BETA1), tf.mul(g, 1 - ADAMW_BETA1));
    const v = tf.add(
      tf.mul(tf.tensor1d(state.secondMoments[name]), ADAMW_BETA2),
      tf.mul(tf.square(g), 1 - ADAMW_BETA2),
    );
    const denominator = tf.add(tf.div(tf.sqrt(v), secondCorrection), ADAMW_EPSILON);
    const change = tf.mul(tf.div(m, denominator), stepSize);
    const parameter = tf.sub(tf.mul(tf.tensor1d(state.parameters[name]), keep), change);
    return {
      parameter: read(parameter as Tensor1D),
      firstMoment: read(m as Tensor1D),
      secondMoment: read(v as Tensor1D),
    };
  });
}

function read(tensor: Tensor1D): Float32Array {
  return Float32Array.from(tensor.dataSync());
}
