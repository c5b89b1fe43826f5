// From proto/metaapo/reward/v1/reward.proto

/**
 * Says where a reward model stands in its life.
 */
export const RewardModelState = {
  /**
   * Not given.
   */
  REWARD_MODEL_STATE_UNSPECIFIED: 'REWARD_MODEL_STATE_UNSPECIFIED',
  /**
   * Loaded, not scoring.
   */
  REWARD_MODEL_STATE_STAGED: 'REWARD_MODEL_STATE_STAGED',
  /**
   * Scoring in the shadow of the model in service.
   */
  REWARD_MODEL_STATE_SHADOWING: 'REWARD_MODEL_STATE_SHADOWING',
  /**
   * In service.
   */
  REWARD_MODEL_STATE_PROMOTED: 'REWARD_MODEL_STATE_PROMOTED',
  /**
   * Gone; only its provenance is kept.
   */
  REWARD_MODEL_STATE_RETIRED: 'REWARD_MODEL_STATE_RETIRED',
  /**
   * Warm: was in service under an earlier epoch and is still loaded; answers calls that insist on its epoch.
   */
  REWARD_MODEL_STATE_SUPERSEDED: 'REWARD_MODEL_STATE_SUPERSEDED',
} as const;

/**
 * Says where a reward model stands in its life.
 */
export type RewardModelState =
  /**
   * Not given.
   */
  | 'REWARD_MODEL_STATE_UNSPECIFIED'
  | 0
  /**
   * Loaded, not scoring.
   */
  | 'REWARD_MODEL_STATE_STAGED'
  | 1
  /**
   * Scoring in the shadow of the model in service.
   */
  | 'REWARD_MODEL_STATE_SHADOWING'
  | 2
  /**
   * In service.
   */
  | 'REWARD_MODEL_STATE_PROMOTED'
  | 3
  /**
   * Gone; only its provenance is kept.
   */
  | 'REWARD_MODEL_STATE_RETIRED'
  | 4
  /**
   * Warm: was in service under an earlier epoch and is still loaded; answers calls that insist on its epoch.
   */
  | 'REWARD_MODEL_STATE_SUPERSEDED'
  | 5

/**
 * Says where a reward model stands in its life.
 */
export type RewardModelState__Output = typeof RewardModelState[keyof typeof RewardModelState]
