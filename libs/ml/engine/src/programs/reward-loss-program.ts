/**
 * @file The loss of a reward model and its gradient, in one forward and backward pass.
 *
 *   hidden [B, T, C] ─ rows ─ head ─ r [M] ─ pick ─ r_c, r_r [N] ─ row losses ─ f·Σ
 *
 * f is fed: 1 / pairs of the whole batch gives a mean over micro-batches.
 */
import { present, type TensorMap } from '#core';
import { GraphBuilder, type Value } from '#ml/graph';
import { bradleyTerry, type BradleyTerrySettings } from '#ml/losses';
import { f32View, type OnnxSession } from '#ml/runtime';
import type { SequenceBatch } from '../batching/sequence-batch.js';
import { gradientsOf, outputGradients } from './gradient-outputs.js';
import { isElementwise } from './kept-values.js';
import type { ProgramContext } from './program-context.js';
import { rewardGraph } from './reward-graph.js';
import { SCORED, sequenceFeeds } from './sequence-io.js';
import { weightFeeds, type LoraTargets, type WeightSet } from './weights.js';

export interface RewardLossResult {
  /** [N] each. */
  readonly chosen: Float32Array;
  readonly rejected: Float32Array;
  readonly losses: Float32Array;
  readonly gradients: TensorMap;
}

const PAIRS = 'N';
const SIDES = ['chosen', 'rejected'] as const;

export class RewardLossProgram {
  private constructor(
    private readonly context: ProgramContext,
    private readonly session: OnnxSession,
    private readonly trainableNames: readonly string[],
  ) {}

  /** @param lora absent for full training */
  static async create(
    context: ProgramContext,
    settings: BradleyTerrySettings,
    lora?: LoraTargets,
  ): Promise<RewardLossProgram> {
    const g = GraphBuilder.create();
    const { rewards, trainable } = rewardGraph(g, context, lora);
    const column = g.reshape(rewards, [SCORED, 1]);
    const side = (name: (typeof SIDES)[number]): Value<'N'> => {
      const picked = g.scope(name).matmul(g.input(`pick.${name}`, 'f32', [PAIRS, SCORED]), column); // [N, 1]
      const values = g.scope(name).reshape(picked, [PAIRS]) as Value<'N'>;
      g.output(name, values);
      return values;
    };
    const margin = g.input('margin', 'f32', [PAIRS]) as Value<'N'>;
    const rows = bradleyTerry(g, { chosen: side('chosen'), rejected: side('rejected'), margin }, settings);
    g.output('losses', rows);
    const loss = g.mul(g.reduceSum(rows, [0]), g.input('factor', 'f32', []));
    const trainableNames = outputGradients(g, loss, trainable);
    const session = await context.compile('reward loss', g, { memory: 'returned', isCheap: isElementwise });
    return new RewardLossProgram(context, session, trainableNames);
  }

  /**
   * @param batch whose targets are, pair by pair, the chosen and the rejected response
   * @param margins one per pair
   */
  async run(
    weights: WeightSet,
    batch: SequenceBatch,
    { margins, factor }: { readonly margins: readonly number[]; readonly factor: number },
  ): Promise<RewardLossResult> {
    const pairCount = margins.length;
    const results = await this.session.run({
      ...weightFeeds(this.session, weights),
      ...sequenceFeeds(batch, this.context.positions),
      'pick.chosen': f32View([pairCount, 2 * pairCount], everyOther(pairCount, 0)),
      'pick.rejected': f32View([pairCount, 2 * pairCount], everyOther(pairCount, 1)),
      margin: f32View([pairCount], Float32Array.from(margins)),
      factor: f32View([], Float32Array.of(factor)),
    });
    const [chosen, rejected] = SIDES.map((name) => results.f32(name));
    return {
      chosen: present(chosen, 'rewards of chosen responses'),
      rejected: present(rejected, 'rewards of rejected responses'),
      losses: results.f32('losses'),
      gradients: gradientsOf(results, this.trainableNames),
    };
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

/** [N, 2N]: row n picks target 2n + offset. */
function everyOther(pairCount: number, offset: 0 | 1): Float32Array {
  const matrix = new Float32Array(pairCount * 2 * pairCount);
  for (let n = 0; n < pairCount; n++) matrix[n * 2 * pairCount + 2 * n + offset] = 1;
  return matrix;
}
