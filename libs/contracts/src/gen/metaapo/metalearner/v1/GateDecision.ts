// From proto/metaapo/metalearner/v1/metalearner.proto

import type { ItemStatus as _metaapo_common_v1_ItemStatus, ItemStatus__Output as _metaapo_common_v1_ItemStatus__Output } from '../../../metaapo/common/v1/ItemStatus.js';

/**
 * Is the decision for one item.
 */
export interface GateDecision {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * Outcome of this item.
   */
  'status'?: (_metaapo_common_v1_ItemStatus | null);
  /**
   * w = h_phi(s), in (0, 1): the probability of not sampling.
   */
  'weight'?: (number | string);
  /**
   * u, uniform in [0, 1).
   */
  'draw'?: (number | string);
  /**
   * True when u > w.
   */
  'sampled'?: (boolean);
}

/**
 * Is the decision for one item.
 */
export interface GateDecision__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * Outcome of this item.
   */
  'status': (_metaapo_common_v1_ItemStatus__Output | null);
  /**
   * w = h_phi(s), in (0, 1): the probability of not sampling.
   */
  'weight': (number);
  /**
   * u, uniform in [0, 1).
   */
  'draw': (number);
  /**
   * True when u > w.
   */
  'sampled': (boolean);
}
