/**
 * @file h_φ and the objective that teaches it, on TensorFlow.js with its own autodiff.
 *
 *   w       = h_φ(s) = σ( W2 · tanh(W1 s + b1) + b2 )                          [N]
 *   L_meta  = −mean over the buffer of [ w ℓ_off + (1 − w) ℓ_on ]              []
 *   ∂L/∂φ   = mean of [ (ℓ_on − ℓ_off) ∂h_φ(s)/∂φ ];  s, ℓ_off, ℓ_on carry no gradient
 *
 * Axes: N observations, H hidden units. All in float32.
 * Source: arXiv 2509.23371, Eq. 6 and 7. Differs from the paper: no. The slow clear twin, in float64 and without autodiff,
 * is `meta-objective.reference.ts`.
 */
import type { Tensor2D, Scalar, Tensor } from '@tensorflow/tfjs';
import { mapPhi, normOf, PARAMETER_NAMES, type ParameterName, type Phi } from './phi.js';
import type { TensorFlow } from './tensorflow.js';

/** Observations in a fixed order; the three arrays are equally long. */
export interface MetaBuffer {
  /** s, input of the meta-learner, in (−∞, 0]. [N] */
  readonly scores: Float32Array;
  /** ℓ_off, preference score of the offline pair. [N] */
  readonly ellOff: Float32Array;
  /** ℓ_on, preference score of the online pair. [N] */
  readonly ellOn: Float32Array;
}

export interface MetaGradient {
  /** L_meta. */
  readonly loss: number;
  readonly gradients: Phi;
  /** Norm over all gradients together, before any clipping. */
  readonly gradientNorm: number;
}

/** Shapes in which the parameters enter the matrix products: a row for W1 and b1, a column for W2. */
const matrixShape: { readonly [Name in ParameterName]: (hiddenWidth: number) => [number, number] } = {
  W1: (h) => [1, h],
  b1: (h) => [1, h],
  W2: (h) => [h, 1],
  b2: () => [1, 1],
};

/** w = h_φ(s) of every score, in (0, 1). [N] */
export function weightsOf(tf: TensorFlow, phi: Phi, scores: Float32Array): Float32Array {
  const weights = tf.tidy(() =>
    forward(
      tf,
      PARAMETER_NAMES.map((name) => matrixOf(tf, phi, name)),
      scores,
    ),
  );
  return readAndDispose(weights);
}

/** L_meta with its gradient at φ. */
export function metaGradient(tf: TensorFlow, phi: Phi, buffer: MetaBuffer): MetaGradient {
  const { value, grads } = tf.tidy(() => {
    const lossOf = (...parameters: Tensor[]) => metaLoss(tf, parameters as Tensor2D[], buffer);
    return tf.valueAndGrads(lossOf)(PARAMETER_NAMES.map((name) => matrixOf(tf, phi, name)));
  });
  const byName = Object.fromEntries(PARAMETER_NAMES.map((name, index) => [name, readAndDispose(grads[index]!)]));
  const gradients = mapPhi((name) => byName[name]!);
  return { loss: readAndDispose(value)[0]!, gradients, gradientNorm: normOf(gradients) };
}

function metaLoss(tf: TensorFlow, parameters: readonly Tensor2D[], { scores, ellOff, ellOn }: MetaBuffer): Scalar {
  const column = (values: Float32Array) => tf.tensor2d(values, [values.length, 1]); // [N, 1]
  const w = forward(tf, parameters, scores); // [N, 1]
  const offline = tf.mul(w, column(ellOff)); // [N, 1]
  const online = tf.mul(tf.sub(1, w), column(ellOn)); // [N, 1]
  return tf.neg(tf.mean(tf.add(offline, online))); // []
}

function forward(tf: TensorFlow, parameters: readonly Tensor2D[], scores: Float32Array): Tensor2D {
  const [w1, b1, w2, b2] = parameters as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  const s = tf.tensor2d(scores, [scores.length, 1]); // [N, 1]
  // W1 s + b1 as one product [s 1] · [W1; b1]: adding b1 by broadcasting takes the CPU backend five times as long.
  const inputs = tf.concat([s, tf.onesLike(s)], 1); // [N, 2]
  const hidden = tf.tanh(tf.matMul(inputs, tf.concat([w1, b1], 0))); // [N, 2] × [2, H] → [N, H]
  return tf.sigmoid(tf.add(tf.matMul(hidden, w2), b2)); // [N, H] × [H, 1] → [N, 1]
}

function matrixOf(tf: TensorFlow, phi: Phi, name: ParameterName): Tensor2D {
  return tf.tensor2d(phi[name], matrixShape[name](phi.W1.length));
}

/** Copies out: the backend may hand its own memory, which the next operation could reuse. */
function readAndDispose(tensor: Tensor): Float32Array {
  const values = Float32Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}
