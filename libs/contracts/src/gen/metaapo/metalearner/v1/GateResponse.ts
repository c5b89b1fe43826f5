// From proto/metaapo/metalearner/v1/metalearner.proto

import type { GateDecision as _metaapo_metalearner_v1_GateDecision, GateDecision__Output as _metaapo_metalearner_v1_GateDecision__Output } from '../../../metaapo/metalearner/v1/GateDecision.js';
import type { Timing as _metaapo_common_v1_Timing, Timing__Output as _metaapo_common_v1_Timing__Output } from '../../../metaapo/common/v1/Timing.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Response of `Gate`.
 */
export interface GateResponse {
  /**
   * Decisions in request order.
   */
  'decisions'?: (_metaapo_metalearner_v1_GateDecision)[];
  /**
   * Version that decided.
   */
  'version'?: (number | string | Long);
  /**
   * Where the time went.
   */
  'timing'?: (_metaapo_common_v1_Timing | null);
}

/**
 * Response of `Gate`.
 */
export interface GateResponse__Output {
  /**
   * Decisions in request order.
   */
  'decisions': (_metaapo_metalearner_v1_GateDecision__Output)[];
  /**
   * Version that decided.
   */
  'version': (string);
  /**
   * Where the time went.
   */
  'timing': (_metaapo_common_v1_Timing__Output | null);
}
