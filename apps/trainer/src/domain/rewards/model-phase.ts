/** @file Names of phases whose units ask for a reward model: another model than the run began with makes other units. */
import type { RewardModel } from '../ports/reward-port.js';

/** Digits of the model's digest in the name. */
const DIGEST_DIGITS = 8;

/** `annotate` under what the run began with, `annotate@3f2a91c0` under another model. */
export function modelPhase(phase: string, { name, weightsDigest }: RewardModel, first: readonly RewardModel[]): string {
  const begunWith = first.find((model) => model.name === name);
  if (begunWith?.weightsDigest === weightsDigest) return phase;
  return `${phase}@${weightsDigest.slice(weightsDigest.indexOf(':') + 1).slice(0, DIGEST_DIGITS)}`;
}
