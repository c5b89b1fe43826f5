// From proto/metaapo/trainer/v1/trainer.proto

import type { ScoreSource as _metaapo_trainer_v1_ScoreSource, ScoreSource__Output as _metaapo_trainer_v1_ScoreSource__Output } from '../../../metaapo/trainer/v1/ScoreSource.js';
import type { Provenance as _metaapo_reward_v1_Provenance, Provenance__Output as _metaapo_reward_v1_Provenance__Output } from '../../../metaapo/reward/v1/Provenance.js';
import type { SampleRole as _metaapo_trainer_v1_SampleRole, SampleRole__Output as _metaapo_trainer_v1_SampleRole__Output } from '../../../metaapo/trainer/v1/SampleRole.js';

/**
 * Is one fresh response with its annotation.
 */
export interface SampleExplanation {
  /**
   * From 0.
   */
  'index'?: (number);
  /**
   * The response.
   */
  'text'?: (string);
  /**
   * New tokens.
   */
  'tokenCount'?: (number);
  /**
   * Sum of log-probabilities of its tokens, as it was drawn.
   */
  'logProbSum'?: (number | string);
  /**
   * Why generation ended: `stop_token`, `stop_text` or `length`.
   */
  'finish'?: (string);
  /**
   * Reward; absent where there is none.
   */
  'score'?: (number | string);
  /**
   * How the reward was come by.
   */
  'source'?: (_metaapo_trainer_v1_ScoreSource);
  /**
   * Model that gave the reward, as stored beside it.
   */
  'provenance'?: (_metaapo_reward_v1_Provenance | null);
  /**
   * Part in the pair.
   */
  'role'?: (_metaapo_trainer_v1_SampleRole);
  /**
   * Why there is no reward or no part in the pair, in UPPER_SNAKE: EMPTY, or the reason of the failed annotation.
   */
  'reason'?: (string);
  '_score'?: "score";
}

/**
 * Is one fresh response with its annotation.
 */
export interface SampleExplanation__Output {
  /**
   * From 0.
   */
  'index': (number);
  /**
   * The response.
   */
  'text': (string);
  /**
   * New tokens.
   */
  'tokenCount': (number);
  /**
   * Sum of log-probabilities of its tokens, as it was drawn.
   */
  'logProbSum': (number);
  /**
   * Why generation ended: `stop_token`, `stop_text` or `length`.
   */
  'finish': (string);
  /**
   * Reward; absent where there is none.
   */
  'score'?: (number);
  /**
   * How the reward was come by.
   */
  'source': (_metaapo_trainer_v1_ScoreSource__Output);
  /**
   * Model that gave the reward, as stored beside it.
   */
  'provenance': (_metaapo_reward_v1_Provenance__Output | null);
  /**
   * Part in the pair.
   */
  'role': (_metaapo_trainer_v1_SampleRole__Output);
  /**
   * Why there is no reward or no part in the pair, in UPPER_SNAKE: EMPTY, or the reason of the failed annotation.
   */
  'reason': (string);
  '_score'?: "score";
}
