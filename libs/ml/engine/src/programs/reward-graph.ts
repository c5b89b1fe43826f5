/** @file Rewards of whole sequences as a graph with a gradient: the hidden state that the head reads, times the head. */
import type { GraphBuilder, Value } from '#ml/graph';
import { linear } from '#ml/nn';
import { CLASSIFIER_HEAD } from './classify-program.js';
import { refuseUntrained } from './gradient-program.js';
import type { ProgramContext } from './program-context.js';
import { SCORED, scoredRows, sequenceInputs } from './sequence-io.js';
import { WeightInputs, type LoraTargets } from './weights.js';

export interface RewardGraph {
  /** One reward per target of the batch, in its order. */
  readonly rewards: Value<'M'>;
  /** What is trained, by name: the head, and the factors or every weight of the decoder. */
  readonly trainable: ReadonlyMap<string, Value>;
}

/** @param lora absent for full training */
export function rewardGraph(g: GraphBuilder, { config, model }: ProgramContext, lora?: LoraTargets): RewardGraph {
  const weights = new WeightInputs(g, config, lora);
  const { hidden } = model.prefill(g, config, weights, sequenceInputs(g, config));
  const head = g.input(CLASSIFIER_HEAD, 'f32', [1, config.hiddenSize]);
  const column = linear(g.scope('head'), scoredRows(g, hidden, config), { weight: head }); // [M, 1]
  refuseUntrained(weights, lora);
  return {
    rewards: g.reshape(column, [SCORED]) as Value<'M'>,
    trainable: new Map([...weights.trainable(), [CLASSIFIER_HEAD, head]]),
  };
}
