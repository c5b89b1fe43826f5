// From proto/metaapo/reward/v1/reward.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { Interval as _metaapo_reward_v1_Interval, Interval__Output as _metaapo_reward_v1_Interval__Output } from '../../../metaapo/reward/v1/Interval.js';
import type { AffineShift as _metaapo_reward_v1_AffineShift, AffineShift__Output as _metaapo_reward_v1_AffineShift__Output } from '../../../metaapo/reward/v1/AffineShift.js';
import type { SwapSide as _metaapo_reward_v1_SwapSide, SwapSide__Output as _metaapo_reward_v1_SwapSide__Output } from '../../../metaapo/reward/v1/SwapSide.js';
import type { SwapDisagreement as _metaapo_reward_v1_SwapDisagreement, SwapDisagreement__Output as _metaapo_reward_v1_SwapDisagreement__Output } from '../../../metaapo/reward/v1/SwapDisagreement.js';
import type { SwapLimitBreach as _metaapo_reward_v1_SwapLimitBreach, SwapLimitBreach__Output as _metaapo_reward_v1_SwapLimitBreach__Output } from '../../../metaapo/reward/v1/SwapLimitBreach.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Compares two models on the items that both have scored. An item is a prompt with its responses; a figure that the items
 * do not define is absent, for instance all of pairs where no item has two responses.
 */
export interface SwapReport {
  /**
   * Epoch in service when the report was made.
   */
  'liveEpoch'?: (number | string | Long);
  /**
   * `weights_digest` of the model in service.
   */
  'liveWeightsDigest'?: (string);
  /**
   * `weights_digest` of the staged model.
   */
  'stagedWeightsDigest'?: (string);
  /**
   * When the report was made.
   */
  'reportTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Items of which both models scored at least one response.
   */
  'itemCount'?: (number | string | Long);
  /**
   * Those among them that came from shadowed traffic.
   */
  'shadowItemCount'?: (number | string | Long);
  /**
   * Responses that both models scored.
   */
  'responseCount'?: (number | string | Long);
  /**
   * Pairs of responses to one prompt that the model in service tells apart.
   */
  'pairCount'?: (number | string | Long);
  /**
   * Share of those pairs whose order the staged model turns round, in [0, 1]; a pair that it finds equal counts half.
   */
  'pairFlipFraction'?: (_metaapo_reward_v1_Interval | null);
  /**
   * Share of items with two or more responses whose best response is another one, in [0, 1]. Where a model has several
   * best ones, an item counts the share of the staged model's that are none of those in service.
   */
  'bestOfKChangeFraction'?: (_metaapo_reward_v1_Interval | null);
  /**
   * Spearman's rank correlation of all scores, ties ranked by their mean, in [-1, 1].
   */
  'spearman'?: (_metaapo_reward_v1_Interval | null);
  /**
   * Kendall's tau-b of all scores, in [-1, 1].
   */
  'kendall'?: (_metaapo_reward_v1_Interval | null);
  /**
   * The straight line that takes the scores in service nearest to the staged ones, by least squares.
   */
  'affineShift'?: (_metaapo_reward_v1_AffineShift | null);
  /**
   * What the model in service did.
   */
  'live'?: (_metaapo_reward_v1_SwapSide | null);
  /**
   * What the staged model did.
   */
  'staged'?: (_metaapo_reward_v1_SwapSide | null);
  /**
   * Items on which the models disagree most: by the gap between the ranks, among all scores, that they give to the
   * responses. Worst first.
   */
  'disagreements'?: (_metaapo_reward_v1_SwapDisagreement)[];
  /**
   * Limits of the service that the figures break; empty where there are none.
   */
  'breaches'?: (_metaapo_reward_v1_SwapLimitBreach)[];
  /**
   * Responses of shadowed traffic that the staged model was not asked for, since it could not keep up; since staging.
   */
  'shadowDroppedCount'?: (number | string | Long);
}

/**
 * Compares two models on the items that both have scored. An item is a prompt with its responses; a figure that the items
 * do not define is absent, for instance all of pairs where no item has two responses.
 */
export interface SwapReport__Output {
  /**
   * Epoch in service when the report was made.
   */
  'liveEpoch': (string);
  /**
   * `weights_digest` of the model in service.
   */
  'liveWeightsDigest': (string);
  /**
   * `weights_digest` of the staged model.
   */
  'stagedWeightsDigest': (string);
  /**
   * When the report was made.
   */
  'reportTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Items of which both models scored at least one response.
   */
  'itemCount': (string);
  /**
   * Those among them that came from shadowed traffic.
   */
  'shadowItemCount': (string);
  /**
   * Responses that both models scored.
   */
  'responseCount': (string);
  /**
   * Pairs of responses to one prompt that the model in service tells apart.
   */
  'pairCount': (string);
  /**
   * Share of those pairs whose order the staged model turns round, in [0, 1]; a pair that it finds equal counts half.
   */
  'pairFlipFraction': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * Share of items with two or more responses whose best response is another one, in [0, 1]. Where a model has several
   * best ones, an item counts the share of the staged model's that are none of those in service.
   */
  'bestOfKChangeFraction': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * Spearman's rank correlation of all scores, ties ranked by their mean, in [-1, 1].
   */
  'spearman': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * Kendall's tau-b of all scores, in [-1, 1].
   */
  'kendall': (_metaapo_reward_v1_Interval__Output | null);
  /**
   * The straight line that takes the scores in service nearest to the staged ones, by least squares.
   */
  'affineShift': (_metaapo_reward_v1_AffineShift__Output | null);
  /**
   * What the model in service did.
   */
  'live': (_metaapo_reward_v1_SwapSide__Output | null);
  /**
   * What the staged model did.
   */
  'staged': (_metaapo_reward_v1_SwapSide__Output | null);
  /**
   * Items on which the models disagree most: by the gap between the ranks, among all scores, that they give to the
   * responses. Worst first.
   */
  'disagreements': (_metaapo_reward_v1_SwapDisagreement__Output)[];
  /**
   * Limits of the service that the figures break; empty where there are none.
   */
  'breaches': (_metaapo_reward_v1_SwapLimitBreach__Output)[];
  /**
   * Responses of shadowed traffic that the staged model was not asked for, since it could not keep up; since staging.
   */
  'shadowDroppedCount': (string);
}
