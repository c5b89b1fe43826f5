/**
 * @file The loss of a reward model on preferences (Bradley and Terry 1952; with a margin: Touvron et al. 2023, arXiv
 * 2307.09288, eq. 2; with centred rewards: Eisenstein et al. 2023, arXiv 2312.09244, eq. 2).
 *
 *   row = −log σ(r_c − r_r − m) + κ·(r_c + r_r)²
 *
 * κ is TRL's `center_rewards_coefficient`. Only differences of rewards count in the first term, so that rewards may
 * drift together; the second keeps their mean at zero.
 *
 * Differs from the papers: none.
 */
import { expectAxes, type GraphBuilder, type Value } from '#ml/graph';

/** Rewards of N pairs. */
export interface RewardPairs {
  /** r_c */
  readonly chosen: Value<'N'>;
  /** r_r */
  readonly rejected: Value<'N'>;
  /** m: how far apart the two shall at least be; 0 where nothing is said. */
  readonly margin: Value<'N'>;
}

export interface BradleyTerrySettings {
  /** κ in [0, ∞). */
  readonly centerRewardsCoefficient: number;
}

/** The loss of each pair, to be minimised. */
export function bradleyTerry(
  g: GraphBuilder,
  { chosen, rejected, margin }: RewardPairs,
  { centerRewardsCoefficient }: BradleyTerrySettings,
): Value<'N'> {
  const scope = g.scope('bradleyTerry');
  const excess = scope.sub(scope.sub(chosen, rejected), margin);
  const preference = scope.neg(scope.logSigmoid(excess));
  if (centerRewardsCoefficient === 0) return expectAxes(preference, 'N');
  const centre = scope.scope('centre');
  const sum = centre.add(chosen, rejected);
  return expectAxes(scope.add(preference, centre.mul(centre.mul(sum, sum), centerRewardsCoefficient)), 'N');
}
