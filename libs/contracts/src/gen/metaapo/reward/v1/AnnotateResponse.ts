// From proto/metaapo/reward/v1/reward.proto

import type { AnnotatedItem as _metaapo_reward_v1_AnnotatedItem, AnnotatedItem__Output as _metaapo_reward_v1_AnnotatedItem__Output } from '../../../metaapo/reward/v1/AnnotatedItem.js';
import type { Provenance as _metaapo_reward_v1_Provenance, Provenance__Output as _metaapo_reward_v1_Provenance__Output } from '../../../metaapo/reward/v1/Provenance.js';
import type { Timing as _metaapo_common_v1_Timing, Timing__Output as _metaapo_common_v1_Timing__Output } from '../../../metaapo/common/v1/Timing.js';

/**
 * Response of `Annotate`.
 */
export interface AnnotateResponse {
  /**
   * Results in request order.
   */
  'items'?: (_metaapo_reward_v1_AnnotatedItem)[];
  /**
   * Model that gave all scores of this reply.
   */
  'provenance'?: (_metaapo_reward_v1_Provenance | null);
  /**
   * Where the time went.
   */
  'timing'?: (_metaapo_common_v1_Timing | null);
}

/**
 * Response of `Annotate`.
 */
export interface AnnotateResponse__Output {
  /**
   * Results in request order.
   */
  'items': (_metaapo_reward_v1_AnnotatedItem__Output)[];
  /**
   * Model that gave all scores of this reply.
   */
  'provenance': (_metaapo_reward_v1_Provenance__Output | null);
  /**
   * Where the time went.
   */
  'timing': (_metaapo_common_v1_Timing__Output | null);
}
