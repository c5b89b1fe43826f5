/**
 * @file The algorithm's settings: MetaAPO (arXiv 2509.23371) and, by other values of the same keys, its baselines.
 *
 * | what | gate.kind | weight | else |
 * |---|---|---|---|
 * | MetaAPO | meta | meta | |
 * | offline DPO | none | constant, value 1 | |
 * | online DPO | all | constant, value 0 | |
 * | all sampled, learned weight | all | meta | |
 * | random gate | random, ratio | any | |
 * | threshold gate | threshold | any | |
 * | uniform weight | meta | constant, value 0.5 | |
 * | fixed heuristic w = σ(s) | sigmoid | sigmoid | |
 * | frozen φ | meta | frozen, snapshot | |
 * | shuffled-online control | meta | meta | meta.shuffle_online: true |
 */
import { z } from 'zod';
import { flag, integer, oneOf, path, real } from './fields.js';

const warmUp = z.strictObject({
  /** Passes over the warm-up's rows with the plain loss on offline pairs. Range [0, 1]. Default 1. */
  epochs: integer(0, 1).default(1),
  /** Share of all rows that the warm-up sees, in (0, 1]. Default 1. */
  fraction: real({ min: 0, max: 1, minOpen: true }).default(1),
});

const gate = z.strictObject({
  /**
   * Which prompts get fresh samples. `meta`: when u > h_φ(s). `sigmoid`: when u > σ(s). `random`: with probability
   * `ratio`. `threshold`: when s < `threshold`. `all`, `none`. Default `meta`.
   */
  kind: oneOf('meta', 'sigmoid', 'random', 'threshold', 'all', 'none').default('meta'),
  /** Probability of sampling, in [0, 1]. Only for `random`. Default 0.5. */
  ratio: real({ min: 0, max: 1 }).default(0.5),
  /** Score below which a prompt is sampled, in (-∞, 0]. Only for `threshold`. Default ln ½, where the pair is a toss-up. */
  threshold: real({ max: 0 }).default(-Math.LN2),
});

const weight = z.strictObject({
  /**
   * Weight w of the offline pair; the online pair has 1 − w. `meta`: h_φ(s). `frozen`: h_φ(s) with φ from `snapshot`,
   * never updated, in the gate too. `sigmoid`: σ(s). `constant`: `value`. Default `meta`.
   */
  kind: oneOf('meta', 'constant', 'sigmoid', 'frozen').default('meta'),
  /** The constant, in [0, 1]. Only for `constant`. Default 0.5. */
  value: real({ min: 0, max: 1 }).default(0.5),
  /** A `meta-learner.json` that another run wrote. Required for `frozen`. Default null. */
  snapshot: path('a meta-learner.json').nullable().default(null),
});

const meta = z.strictObject({
  /** Policy optimizer steps between updates of φ (T_meta). Range [1, 1e6]. Default by preset. */
  period: integer(1, 1_000_000),
  /** AdamW steps on the mean over the whole buffer per update. Range [1, 1000]. Default 1. */
  steps_per_update: integer(1, 1000).default(1),
  /** How φ starts: `constant` as the authors', `random` breaks the symmetry of hidden units. Default `constant`. */
  init: oneOf('constant', 'random').default('constant'),
  /** AdamW's learning rate for φ. Range (0, ∞). Default 0.005. */
  learning_rate: real({ min: 0, minOpen: true }).default(0.005),
  /** Decoupled weight decay on W1 and W2. Range [0, ∞). Default 0.0001. */
  weight_decay: real({ min: 0 }).default(0.0001),
  /** Largest gradient norm. Range (0, ∞). Default 1. */
  clip: real({ min: 0, minOpen: true }).default(1),
  /** Hidden units. Range [1, 65536]. Default 100. */
  hidden_width: integer(1, 65_536).default(100),
  /** Control: shuffles ℓ_on across the buffer, so that φ learns from no real gain. Default false. */
  shuffle_online: flag().default(false),
});

export const algorithmSection = z.strictObject({
  /** Base loss: `dpo` 2305.18290, `ipo` 2310.12036, `ipo_average` as TRL computes it, `simpo` 2405.14734. Default `dpo`. */
  loss: oneOf('dpo', 'ipo', 'ipo_average', 'simpo').default('dpo'),
  /** Strength of the pull towards the reference. Range (0, ∞). Default 0.1. */
  beta: real({ min: 0, minOpen: true }).default(0.1),
  /** SimPO's target margin. Range [0, ∞). Default 0. Only for `simpo`. */
  gamma: real({ min: 0 }).default(0),
  /** Factor in s = log σ(input_beta · Δ_off), in (0, ∞), or the word `beta`. Default by preset. */
  input_beta: z.union([z.literal('beta'), real({ min: 0, minOpen: true })], {
    error: 'a number in (0, ∞), or the word beta',
  }),
  /** Parts of the data set, one iteration on each. Range [1, 1000]. Default 3. */
  iterations: integer(1, 1000).default(3),
  warm_up: warmUp.prefault({}),
  /**
   * Reference of an iteration: the base (`frozen_sft`), or the policy that started the iteration before (`lagged`; the
   * base in the first one). Default by preset. Has no effect with `simpo`.
   */
  ref_mode: oneOf('frozen_sft', 'lagged'),
  gate: gate.prefault({}),
  weight: weight.prefault({}),
  meta,
  /** Fresh responses per sampled prompt (K). Range [2, 1024]: a pair needs two. Default 8. */
  samples_per_prompt: integer(2, 1024).default(8),
  /** Train on unsampled rows too, their offline pair on both sides: plain loss, nothing for φ to learn. Default false. */
  keep_unsampled: flag().default(false),
});
