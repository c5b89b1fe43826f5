// From proto/metaapo/reward/v1/reward.proto

import type { Prompt as _metaapo_common_v1_Prompt, Prompt__Output as _metaapo_common_v1_Prompt__Output } from '../../../metaapo/common/v1/Prompt.js';
import type { SwapDisagreementResponse as _metaapo_reward_v1_SwapDisagreementResponse, SwapDisagreementResponse__Output as _metaapo_reward_v1_SwapDisagreementResponse__Output } from '../../../metaapo/reward/v1/SwapDisagreementResponse.js';

/**
 * Is an item that two models see differently.
 */
export interface SwapDisagreement {
  /**
   * Item id of the request.
   */
  'itemId'?: (string);
  /**
   * What the responses answer.
   */
  'prompt'?: (_metaapo_common_v1_Prompt | null);
  /**
   * Responses with both scores, in the item's order.
   */
  'responses'?: (_metaapo_reward_v1_SwapDisagreementResponse)[];
  /**
   * Largest gap between the two ranks of a response among all scores, as a share of their number, in [0, 1].
   */
  'rankGap'?: (number | string);
}

/**
 * Is an item that two models see differently.
 */
export interface SwapDisagreement__Output {
  /**
   * Item id of the request.
   */
  'itemId': (string);
  /**
   * What the responses answer.
   */
  'prompt': (_metaapo_common_v1_Prompt__Output | null);
  /**
   * Responses with both scores, in the item's order.
   */
  'responses': (_metaapo_reward_v1_SwapDisagreementResponse__Output)[];
  /**
   * Largest gap between the two ranks of a response among all scores, as a share of their number, in [0, 1].
   */
  'rankGap': (number);
}
