/**
 * @file From K samples and their rewards to one online pair: best against worst.
 *
 * The authors' release keeps tied pairs (their online half has no gradient, and ℓ_on = ln ½ biases φ) and drops rows with
 * an empty response without telling. Here both are dropped and counted.
 */
import type { Sample } from '../ports/policy-port.js';

export interface OnlinePair {
  readonly chosen: Sample;
  readonly rejected: Sample;
  readonly chosenReward: number;
  readonly rejectedReward: number;
}

export type Pairing =
  | { readonly kind: 'pair'; readonly pair: OnlinePair }
  /** All rewards equal, or best and worst are the same text. */
  | { readonly kind: 'tie' }
  /** Fewer than two samples that are not empty and were annotated. */
  | { readonly kind: 'invalid' };

/** True for a sample that can be annotated and trained on. */
export function isUsable(sample: Sample): boolean {
  return sample.tokenIds.length > 0 && sample.text.trim() !== '';
}

/** Pairs the highest with the lowest reward; the first one wins ties. A null reward is a failed annotation. */
export function bestAgainstWorst(samples: readonly Sample[], rewards: readonly (number | null)[]): Pairing {
  let best: { sample: Sample; reward: number } | undefined;
  let worst: { sample: Sample; reward: number } | undefined;
  let count = 0;
  samples.forEach((sample, index) => {
    const reward = rewards[index] ?? null;
    if (reward === null || !isUsable(sample)) return;
    count += 1;
    if (!best || reward > best.reward) best = { sample, reward };
    if (!worst || reward < worst.reward) worst = { sample, reward };
  });
  if (!best || !worst || count < 2) return { kind: 'invalid' };
  if (best.reward === worst.reward || best.sample.text === worst.sample.text) return { kind: 'tie' };
  const pair = {
    chosen: best.sample,
    rejected: worst.sample,
    chosenReward: best.reward,
    rejectedReward: worst.reward,
  };
  return { kind: 'pair', pair };
}
