// From proto/metaapo/metalearner/v1/metalearner.proto

import type { GateItem as _metaapo_metalearner_v1_GateItem, GateItem__Output as _metaapo_metalearner_v1_GateItem__Output } from '../../../metaapo/metalearner/v1/GateItem.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Request for `Gate`.
 */
export interface GateRequest {
  /**
   * Required. Run whose meta-learner decides.
   */
  'runId'?: (string);
  /**
   * Items, at least one.
   */
  'items'?: (_metaapo_metalearner_v1_GateItem)[];
  /**
   * Seed of the run.
   */
  'seed'?: (number | string | Long);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Version the caller insists on; absent accepts the current one.
   */
  'expectedVersion'?: (number | string | Long);
  '_expectedVersion'?: "expectedVersion";
}

/**
 * Request for `Gate`.
 */
export interface GateRequest__Output {
  /**
   * Required. Run whose meta-learner decides.
   */
  'runId': (string);
  /**
   * Items, at least one.
   */
  'items': (_metaapo_metalearner_v1_GateItem__Output)[];
  /**
   * Seed of the run.
   */
  'seed': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Version the caller insists on; absent accepts the current one.
   */
  'expectedVersion'?: (string);
  '_expectedVersion'?: "expectedVersion";
}
