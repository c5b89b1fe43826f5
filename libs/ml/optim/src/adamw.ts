/**
 * @file AdamW: Adam with decoupled weight decay.
 *
 *   θ ← θ − lr·λ·θ                               (λ = 0 for tensors in noDecay)
 *   m ← β₁·m + (1 − β₁)·g
 *   v ← β₂·v + (1 − β₂)·g²
 *   θ ← θ − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε),   t = 1, 2, …
 *
 * Source: Loshchilov and Hutter, arXiv 1711.05101, Algorithm 2; operation order as torch.optim.AdamW.
 * Differs from the paper: decay is scaled by the learning rate, as in PyTorch.
 *
 * Parameters and moments are float32, each step computed in float64 and rounded once per stored value, tensors in the
 * order of the parameters: equal inputs give equal bits.
 */
import { assert, f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import type { Optimizer } from './optimizer.js';

export interface AdamWOptions {
  /** β₁, in [0, 1). @default 0.9 */
  readonly beta1?: number;
  /** β₂, in [0, 1). @default 0.999 */
  readonly beta2?: number;
  /** ε, in (0, ∞). @default 1e-8 */
  readonly epsilon?: number;
  /** λ, in [0, ∞). @default 0 */
  readonly weightDecay?: number;
  /** Tensors that decay spares. @default biases and norms */
  readonly noDecay?: (name: string) => boolean;
}

export interface AdamWState {
  /** Steps taken. */
  readonly step: number;
  /** First moments m, shaped as the parameters. */
  readonly firstMoments: TensorMap;
  /** Second moments v. */
  readonly secondMoments: TensorMap;
}

/** Biases and norms: few, one-dimensional, and decay would only pull them off their scale. */
export function isBiasOrNorm(name: string): boolean {
  return name.endsWith('.bias') || name.includes('norm');
}

/** AdamW over named tensors. */
export function adamW(options: AdamWOptions = {}): Optimizer<AdamWState> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, noDecay = isBiasOrNorm } = options;
  assert(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, `AdamW betas must be in [0, 1), got ${beta1}, ${beta2}`);
  assert(
    epsilon > 0 && weightDecay >= 0,
    `AdamW needs epsilon > 0 and weight decay ≥ 0, got ${epsilon}, ${weightDecay}`,
  );
  return {
    init: (parameters) => ({ step: 0, firstMoments: zeros(parameters), secondMoments: zeros(parameters) }),
    step: (parameters, gradients, { state, learningRate, gradientFactor = 1 }) => {
      const step = state.step + 1;
      const correction1 = 1 - beta1 ** step;
      const rootCorrection2 = Math.sqrt(1 - beta2 ** step);
      const next = new Map<string, F32Tensor>();
      const firstMoments = new Map<string, F32Tensor>();
      const secondMoments = new Map<string, F32Tensor>();
      for (const [name, { dims, data }] of parameters) {
        const gradient = dataOf(gradients, name, data.length);
        const decay = 1 - learningRate * (noDecay(name) ? 0 : weightDecay);
        const m = dataOf(state.firstMoments, name, data.length).slice();
        const v = dataOf(state.secondMoments, name, data.length).slice();
        const theta = new Float32Array(data.length);
        for (let i = 0; i < theta.length; i++) {
          const g = gradient[i]! * gradientFactor;
          m[i] = beta1 * m[i]! + (1 - beta1) * g;
          v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
          const denominator = Math.sqrt(v[i]!) / rootCorrection2 + epsilon;
          theta[i] = data[i]! * decay - (learningRate / correction1) * (m[i]! / denominator);
        }
        next.set(name, f32Tensor(dims, theta));
        firstMoments.set(name, f32Tensor(dims, m));
        secondMoments.set(name, f32Tensor(dims, v));
      }
      return { parameters: next, state: { step, firstMoments, secondMoments } };
    },
    toTensors: adamWStateToTensors,
    fromTensors: adamWStateFromTensors,
  };
}

const STEP_NAME = 'step';
const FIRST_PREFIX = 'm.';
const SECOND_PREFIX = 'v.';
/** A float32 counts exactly up to here; far beyond any run. */
const STEPS_MAX = 2 ** 24;

/** The state as tensors for a safetensors file; reading it back gives the same bits. */
function adamWStateToTensors({ step, firstMoments, secondMoments }: AdamWState): TensorMap {
  assert(step <= STEPS_MAX, `${step} steps do not fit a float32`);
  const tensors = new Map<string, F32Tensor>([[STEP_NAME, f32Tensor([], Float32Array.of(step))]]);
  for (const [name, tensor] of firstMoments) tensors.set(`${FIRST_PREFIX}${name}`, tensor);
  for (const [name, tensor] of secondMoments) tensors.set(`${SECOND_PREFIX}${name}`, tensor);
  return tensors;
}

function adamWStateFromTensors(tensors: TensorMap): AdamWState {
  const step = present(tensors.get(STEP_NAME)?.data[0], 'step of the optimizer state');
  const moments = (prefix: string) =>
    new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return { step, firstMoments: moments(FIRST_PREFIX), secondMoments: moments(SECOND_PREFIX) };
}

function zeros(parameters: TensorMap): TensorMap {
  return new Map(
    [...parameters].map(([name, { dims, data }]) => [name, f32Tensor(dims, new Float32Array(data.length))]),
  );
}

function dataOf(tensors: TensorMap, name: string, length: number): Float32Array {
  const { data } = present(tensors.get(name), `tensor ${name}`);
  assert(data.length === length, `tensor ${name} has ${data.length} elements, the parameter ${length}`);
  return data;
}
