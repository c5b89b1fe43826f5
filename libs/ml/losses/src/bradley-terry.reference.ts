/** @file Float64 twin of bradley-terry.ts, with the slopes ∂row/∂r. */
import type { BradleyTerrySettings } from './bradley-terry.js';
import { logSigmoidReference, sigmoidReference } from './log-sigmoid.reference.js';

/** One pair's numbers. */
export interface RewardPairNumbers {
  readonly chosen: number;
  readonly rejected: number;
  readonly margin: number;
}

export interface BradleyTerryResult {
  readonly loss: number;
  /** ∂loss/∂r_c */
  readonly chosenSlope: number;
  /** ∂loss/∂r_r */
  readonly rejectedSlope: number;
}

export function bradleyTerryReference(
  { chosen, rejected, margin }: RewardPairNumbers,
  { centerRewardsCoefficient: kappa }: BradleyTerrySettings,
): BradleyTerryResult {
  const excess = chosen - rejected - margin;
  const sum = chosen + rejected;
  // ∂/∂x −log σ(x) = −σ(−x)
  const slope = -sigmoidReference(-excess);
  return {
    loss: -logSigmoidReference(excess) + kappa * sum ** 2,
    chosenSlope: slope + 2 * kappa * sum,
    rejectedSlope: -slope + 2 * kappa * sum,
  };
}
