// From proto/metaapo/reward/v1/reward.proto


/**
 * Says that a figure of a report breaks a limit of the service (REWARD_SWAP_LIMITS).
 */
export interface SwapLimitBreach {
  /**
   * Name of the limit, for instance `pair_flip_max`.
   */
  'limit'?: (string);
  /**
   * What the limit allows.
   */
  'allowed'?: (number | string);
  /**
   * Figure of the report; absent where the items do not define it.
   */
  'figure'?: (number | string);
  '_figure'?: "figure";
}

/**
 * Says that a figure of a report breaks a limit of the service (REWARD_SWAP_LIMITS).
 */
export interface SwapLimitBreach__Output {
  /**
   * Name of the limit, for instance `pair_flip_max`.
   */
  'limit': (string);
  /**
   * What the limit allows.
   */
  'allowed': (number);
  /**
   * Figure of the report; absent where the items do not define it.
   */
  'figure'?: (number);
  '_figure'?: "figure";
}
