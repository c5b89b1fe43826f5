/**
 * @file One forward and backward pass of the meta-weighted preference loss (MetaAPO, arXiv 2509.23371, Eq. 5).
 *
 *   token log-probs [M] ─ pick ─ log π of each response [N] ─ Δ ─┬─ ℓ_off, ℓ_on ─┐
 *                                                              └─ s ─ h_φ ─ w ─┴─ L = −Σ w ℓ_off + (1 − w) ℓ_on
 *
 * N counts rows. The pick matrices hold 1, or 1/length for losses that average, where a token belongs to a row's
 * response; a row without a pair has zeros there and a weight that cancels it.
 */
import { f32Tensor, present, type F32Tensor, type TensorMap } from '#core';
import { loraName } from '#ml/adapters';
import { backward, tokenLogProbs } from '#ml/autodiff';
import { FeatureUnsupportedError } from '#ml/checkpoint';
import { GraphBuilder, expectAxes, type Value } from '#ml/graph';
import {
  metaInput,
  metaLearner,
  pairLosses,
  weightedLoss,
  type MetaLearnerValues,
  type PairLogProbs,
} from '#ml/losses';
import { i64View, type Feeds, type OnnxSession, type RunResults } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import type { Objective, Weighting } from '../policy-engine.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { weightFeeds, type LoraTargets, type ProgramWeights, type WeightSet } from './weights.js';

/** The four responses of a row. */
export const ROLES = ['offline_chosen', 'offline_rejected', 'online_chosen', 'online_rejected'] as const;
export type Role = (typeof ROLES)[number];

export interface GradientSettings {
  readonly objective: Objective;
  /** Given from outside (constant or item by item), or made in the graph. */
  readonly weighting: 'given' | Exclude<Weighting['kind'], 'constant' | 'per_item'>;
  /** Absent for full training. */
  readonly lora?: LoraTargets;
}

/** What a run reports, row by row. */
export interface RowValues {
  readonly policy: { readonly [R in Role]: Float32Array };
  readonly ellOff: Float32Array;
  readonly ellOn: Float32Array;
  readonly score: Float32Array;
  readonly weight: Float32Array;
  readonly loss: Float32Array;
}

/** Symbols: rows, hidden units of the meta-learner. */
const [ROWS, HIDDEN] = ['N', 'H'] as const;

export const inputNames = {
  pick: (role: Role) => `pick.${role}`,
  reference: (role: Role) => `reference.${role}`,
  weight: 'weight',
  hiddenWeights: 'phi.hidden_weights',
  hiddenBiases: 'phi.hidden_biases',
  outputWeights: 'phi.output_weights',
  outputBias: 'phi.output_bias',
} as const;

const VALUE_NAMES = ['ell_off', 'ell_on', 'score', 'weights', 'row_losses'] as const;

export class GradientProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
    private readonly trainableNames: readonly string[],
  ) {}

  static async create(context: ProgramContext, settings: GradientSettings): Promise<GradientProgram> {
    const { config, model } = context;
    const g = GraphBuilder.create();
    const weights = context.weights(g, settings.lora);
    const { hidden } = model.prefill(g, config, weights, sequenceInputs(g, config));
    const logProbs = tokenLogProbs(g.scope('head'), {
      hidden: scoredRows(g, hidden, config),
      headWeight: weights.tensor(model.headName(config)) as Value<'V C'>,
      targets: g.input('targets', 'i64', [SCORED]) as Value<'M'>,
    });
    const loss = lossOf(g.scope('loss'), logProbs, settings);
    const trainable = [...weights.trainable()];
    refuseUntrained(weights, settings.lora);
    const gradients = backward(
      g,
      loss,
      trainable.map(([, value]) => value),
    );
    trainable.forEach(([name], index) =>
      g.output(gradientName(name), present(gradients[index], `gradient of ${name}`)),
    );
    const session = await context.compile('gradient', g);
    return new GradientProgram(
      context,
      session,
      trainable.map(([name]) => name),
    );
  }

  /**
   * @param weights effective weights, and the LoRA factors where those are trained
   * @param feeds what `inputNames` name, as far as the settings ask for it
   */
  async run(
    weights: readonly WeightSet[],
    batch: SequenceBatch,
    feeds: Feeds,
  ): Promise<{ readonly rows: RowValues; readonly gradients: TensorMap }> {
    const results = await this.session.run({
      ...weightFeeds(this.session, ...weights),
      ...sequenceFeeds(batch, this.context.positions),
      targets: i64View([batch.targets.length], batch.targets),
      ...feeds,
    });
    const gradients = new Map<string, F32Tensor>();
    for (const name of this.trainableNames) {
      const output = gradientName(name);
      gradients.set(name, f32Tensor(results.dims(output), results.f32(output)));
    }
    return { rows: rowValues(results), gradients };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

/** Every low-rank update has to get its gradient; the head, for one, is read in blocks that give none. */
function refuseUntrained(weights: ProgramWeights, lora: LoraTargets = new Map()): void {
  const missing = [...lora.keys()].find((target) => !weights.trainable().has(loraName(target, 'A')));
  if (missing === undefined) return;
  throw new FeatureUnsupportedError('adapter', `a low-rank update of ${missing} in training`, 'layers before the head');
}

function gradientName(tensorName: string): string {
  return `gradient.${tensorName}`;
}

function policyName(role: Role): string {
  return `policy.${role}`;
}

function rowValues(results: RunResults): RowValues {
  const [ellOff, ellOn, score, weight, loss] = VALUE_NAMES.map((name) => results.f32(name)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const policy = Object.fromEntries(ROLES.map((role) => [role, results.f32(policyName(role))]));
  return { policy: policy as RowValues['policy'], ellOff, ellOn, score, weight, loss };
}

/** The graph behind the token log-probabilities, and its outputs. */
function lossOf(g: GraphBuilder, tokenLogProbs: Value<'M'>, { objective, weighting }: GradientSettings): Value<''> {
  const pairLoss = pairLosses[objective.loss];
  const column = g.reshape(tokenLogProbs, [SCORED, 1]);
  const policy = (role: Role): Value<'N'> => {
    const picked = g.scope(role).matmul(g.input(inputNames.pick(role), 'f32', [ROWS, SCORED]), column); // [N, 1]
    const sums = g.scope(role).reshape(picked, [ROWS]);
    g.output(policyName(role), sums);
    return sums as Value<'N'>;
  };
  const reference = (role: Role): Value<'N'> | undefined =>
    pairLoss.usesReference ? (g.input(inputNames.reference(role), 'f32', [ROWS]) as Value<'N'>) : undefined;
  const pair = (chosen: Role, rejected: Role): PairLogProbs => ({
    policyChosen: policy(chosen),
    policyRejected: policy(rejected),
    referenceChosen: reference(chosen),
    referenceRejected: reference(rejected),
  });
  const [offline, online] = [g.scope('offline'), g.scope('online')];
  const offlineMargin = pairLoss.margin(offline, pair('offline_chosen', 'offline_rejected'), objective);
  const onlineMargin = pairLoss.margin(online, pair('online_chosen', 'online_rejected'), objective);
  const ellOff = expectAxes(offline.neg(pairLoss.base(offline, offlineMargin, objective)), 'N');
  const ellOn = expectAxes(online.neg(pairLoss.base(online, onlineMargin, objective)), 'N');
  const score = metaInput(g, offlineMargin, objective.inputBeta);
  const weight = weightOf(g, score, weighting);
  const { rows, sum } = weightedLoss(g, { ellOff, ellOn, weight });
  [ellOff, ellOn, score, weight, rows].forEach((value, index) => g.output(present(VALUE_NAMES[index], 'name'), value));
  return sum;
}

function weightOf(g: GraphBuilder, score: Value<'N'>, weighting: GradientSettings['weighting']): Value<'N'> {
  switch (weighting) {
    case 'given':
      return g.input(inputNames.weight, 'f32', [ROWS]) as Value<'N'>;
    case 'sigmoid':
      return g.scope('weight').sigmoid(score);
    case 'meta_learner': {
      const weights = {
        hiddenWeights: g.input(inputNames.hiddenWeights, 'f32', [HIDDEN]),
        hiddenBiases: g.input(inputNames.hiddenBiases, 'f32', [HIDDEN]),
        outputWeights: g.input(inputNames.outputWeights, 'f32', [HIDDEN]),
        outputBias: g.input(inputNames.outputBias, 'f32', [1]),
      } as MetaLearnerValues;
      return metaLearner(g, score, weights);
    }
    default:
      return weighting satisfies never;
  }
}
