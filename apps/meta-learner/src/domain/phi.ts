/**
 * @file φ, the parameters of the meta-learner, with its optimizer's moments: plain data, which is also the checkpoint.
 *
 *   z(s) = W2 · tanh(W1 s + b1) + b2        w = h_φ(s) = σ(z)
 *   W1, b1, W2: [H]; b2: [1]; H = 100 unless told otherwise; float32
 *
 * Source: arXiv 2509.23371 and the authors' release (openrlhf/models/meta_learner.py). Differs from the paper: width and
 * activations are from the release; the random start is ours (the release has only the constant one).
 */
import { Rng, assert } from '#core';

export const PARAMETER_NAMES = ['W1', 'b1', 'W2', 'b2'] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** One array per parameter: the parameters themselves, their gradients, or their moments. */
export type Phi = { readonly [Name in ParameterName]: Float32Array };

export type InitKind = 'constant' | 'random';

export interface MetaLearnerSettings {
  /** H, width of the hidden layer. In [1, 65536]. */
  readonly hiddenWidth: number;
  readonly init: InitKind;
  /** Seed of the random start. In [0, 2⁶⁴). */
  readonly initSeed: bigint;
  /** AdamW learning rate. In (0, ∞). */
  readonly learningRate: number;
  /** Decoupled weight decay on W1 and W2. In [0, ∞). */
  readonly weightDecay: number;
  /** Gradients with a larger norm are scaled down to it. In (0, ∞). */
  readonly gradientNormMax: number;
  /** AdamW steps per update, each on the mean over the whole buffer. In [1, 1000]. */
  readonly stepsPerUpdate: number;
}

/** Values of the authors' release (algorithm: openrlhf/cli/train_meta_dpo.py). */
export const DEFAULT_SETTINGS: MetaLearnerSettings = {
  hiddenWidth: 100,
  init: 'constant',
  initSeed: 0n,
  learningRate: 0.005,
  weightDecay: 0.0001,
  gradientNormMax: 1,
  stepsPerUpdate: 1,
};

/** Everything that must be saved for the next update to be bit-equal. Never changed in place. */
export interface MetaLearnerState {
  readonly settings: MetaLearnerSettings;
  /** Updates so far. */
  readonly version: number;
  /** AdamW steps so far. */
  readonly stepCount: number;
  readonly parameters: Phi;
  readonly firstMoments: Phi;
  readonly secondMoments: Phi;
}

/** Start of the release: all hidden units alike, and so for ever. */
const CONSTANT_START = 0.1;
/** The random start spreads around the constant one, so that the curve begins nearly alike but units can differ. */
const RANDOM_START_DEVIATION = 0.02;

/** Number of elements of a parameter at a hidden width. */
export function parameterSize(name: ParameterName, hiddenWidth: number): number {
  return name === 'b2' ? 1 : hiddenWidth;
}

/** Builds a `Phi` parameter by parameter. */
export function mapPhi(make: (name: ParameterName) => Float32Array): Phi {
  return { W1: make('W1'), b1: make('b1'), W2: make('W2'), b2: make('b2') };
}

/** Version 0: the start that the settings name, with moments at zero. A pure function of the settings. */
export function initialState(settings: MetaLearnerSettings): MetaLearnerState {
  assert(settings.hiddenWidth >= 1, `a hidden width of ${settings.hiddenWidth}`);
  const zeros = (name: ParameterName) => new Float32Array(parameterSize(name, settings.hiddenWidth));
  return {
    settings,
    version: 0,
    stepCount: 0,
    parameters: mapPhi((name) => startOf(name, settings, zeros(name))),
    firstMoments: mapPhi(zeros),
    secondMoments: mapPhi(zeros),
  };
}

function startOf(name: ParameterName, { init, initSeed }: MetaLearnerSettings, zeros: Float32Array): Float32Array {
  if (name === 'b1' || name === 'b2') return zeros;
  if (init === 'constant') return zeros.fill(CONSTANT_START);
  const rng = new Rng('meta-learner start', initSeed, name);
  return zeros.map(() => CONSTANT_START + RANDOM_START_DEVIATION * rng.normal());
}

/** Euclidean norm over all parameters together, accumulated in float64. */
export function normOf(phi: Phi): number {
  let sumOfSquares = 0;
  for (const name of PARAMETER_NAMES) for (const x of phi[name]) sumOfSquares += x * x;
  return Math.sqrt(sumOfSquares);
}
