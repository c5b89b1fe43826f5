/**
 * @file One forward and backward pass of the meta-weighted preference loss (MetaAPO, arXiv 2509.23371, Eq. 5).
 *
 *   token log-probs [M] ─ pick ─ log π of each response [N] ─ Δ ─┬─ ℓ_off, ℓ_on ─┐
 *                                                              └─ s ─ h_φ ─ w ─┴─ L = −Σ w ℓ_off + (1 − w) ℓ_on
 *
 * N counts rows. The pick matrices hold 1, or 1/length for losses that average, where a token belongs to a row's
 * response; a row without a pair has zeros there and a weight that cancels it.
 */
import type { TensorMap } from '#core';
import { loraName } from '#ml/adapters';
import { tokenLogProbs } from '#ml/autodiff';
import { FeatureUnsupportedError } from '#ml/checkpoint';
import { GraphBuilder, type Value } from '#ml/graph';
import { i64View, type Feeds, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import { gradientsOf, outputGradients } from './gradient-outputs.js';
import {
  ROLES,
  ROWS,
  inputNames,
  preferenceLoss,
  rowValues,
  type LossSettings,
  type Role,
  type RowValues,
} from './preference-loss.js';
import { isElementwise } from './kept-values.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceFeeds, sequenceInputs } from './sequence-io.js';
import { weightFeeds, type LoraTargets, type ProgramWeights, type WeightSet } from './weights.js';

export interface GradientSettings extends LossSettings {
  /** Absent for full training. */
  readonly lora?: LoraTargets;
}

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
    refuseUntrained(weights, settings.lora);
    const trainableNames = outputGradients(g, loss, weights.trainable());
    const session = await context.compile('gradient', g, { memory: 'returned', isCheap: isElementwise });
    return new GradientProgram(context, session, trainableNames);
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
    const gradients = gradientsOf(results, this.trainableNames);
    const policy = Object.fromEntries(ROLES.map((role) => [role, results.f32(policyName(role))]));
    return { rows: rowValues(results, policy as RowValues['policy']), gradients };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

/** Every low-rank update has to get its gradient; the head, for one, is read in blocks that give none. */
export function refuseUntrained(weights: ProgramWeights, lora: LoraTargets = new Map()): void {
  const missing = [...lora.keys()].find((target) => !weights.trainable().has(loraName(target, 'A')));
  if (missing === undefined) return;
  throw new FeatureUnsupportedError('adapter', `a low-rank update of ${missing} in training`, 'layers before the head');
}

function policyName(role: Role): string {
  return `policy.${role}`;
}

/** The graph behind the token log-probabilities: those of each response, picked and summed, then the loss. */
function lossOf(g: GraphBuilder, tokenLogProbs: Value<'M'>, settings: LossSettings): Value<''> {
  const column = g.reshape(tokenLogProbs, [SCORED, 1]);
  const policyOf = (role: Role): Value<'N'> => {
    const picked = g.scope(role).matmul(g.input(inputNames.pick(role), 'f32', [ROWS, SCORED]), column); // [N, 1]
    const sums = g.scope(role).reshape(picked, [ROWS]);
    g.output(policyName(role), sums);
    return sums as Value<'N'>;
  };
  return preferenceLoss(g, policyOf, settings);
}
