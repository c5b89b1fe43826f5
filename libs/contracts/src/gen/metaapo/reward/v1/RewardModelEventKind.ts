// From proto/metaapo/reward/v1/reward.proto

/**
 * Says what happened to the models behind a name.
 */
export const RewardModelEventKind = {
  /**
   * Not given.
   */
  REWARD_MODEL_EVENT_KIND_UNSPECIFIED: 'REWARD_MODEL_EVENT_KIND_UNSPECIFIED',
  /**
   * The service started with a new or edited entry of REWARD_MODELS: its model is in service under a new epoch.
   */
  REWARD_MODEL_EVENT_KIND_CONFIGURED: 'REWARD_MODEL_EVENT_KIND_CONFIGURED',
  /**
   * A model was loaded beside the one in service.
   */
  REWARD_MODEL_EVENT_KIND_STAGED: 'REWARD_MODEL_EVENT_KIND_STAGED',
  /**
   * A model could not be loaded; the reason says why.
   */
  REWARD_MODEL_EVENT_KIND_STAGE_FAILED: 'REWARD_MODEL_EVENT_KIND_STAGE_FAILED',
  /**
   * The staged model began to shadow, or its share was changed.
   */
  REWARD_MODEL_EVENT_KIND_SHADOW_STARTED: 'REWARD_MODEL_EVENT_KIND_SHADOW_STARTED',
  /**
   * The staged model stopped to shadow.
   */
  REWARD_MODEL_EVENT_KIND_SHADOW_STOPPED: 'REWARD_MODEL_EVENT_KIND_SHADOW_STOPPED',
  /**
   * The staged model was put into service.
   */
  REWARD_MODEL_EVENT_KIND_PROMOTED: 'REWARD_MODEL_EVENT_KIND_PROMOTED',
  /**
   * An earlier model was put back into service.
   */
  REWARD_MODEL_EVENT_KIND_ROLLED_BACK: 'REWARD_MODEL_EVENT_KIND_ROLLED_BACK',
  /**
   * A staged or warm model was freed, as asked or because more were warm than may be.
   */
  REWARD_MODEL_EVENT_KIND_RETIRED: 'REWARD_MODEL_EVENT_KIND_RETIRED',
  /**
   * A staged or warm model could not be loaded again when the service started; the reason says why.
   */
  REWARD_MODEL_EVENT_KIND_LOST: 'REWARD_MODEL_EVENT_KIND_LOST',
} as const;

/**
 * Says what happened to the models behind a name.
 */
export type RewardModelEventKind =
  /**
   * Not given.
   */
  | 'REWARD_MODEL_EVENT_KIND_UNSPECIFIED'
  | 0
  /**
   * The service started with a new or edited entry of REWARD_MODELS: its model is in service under a new epoch.
   */
  | 'REWARD_MODEL_EVENT_KIND_CONFIGURED'
  | 1
  /**
   * A model was loaded beside the one in service.
   */
  | 'REWARD_MODEL_EVENT_KIND_STAGED'
  | 2
  /**
   * A model could not be loaded; the reason says why.
   */
  | 'REWARD_MODEL_EVENT_KIND_STAGE_FAILED'
  | 3
  /**
   * The staged model began to shadow, or its share was changed.
   */
  | 'REWARD_MODEL_EVENT_KIND_SHADOW_STARTED'
  | 4
  /**
   * The staged model stopped to shadow.
   */
  | 'REWARD_MODEL_EVENT_KIND_SHADOW_STOPPED'
  | 5
  /**
   * The staged model was put into service.
   */
  | 'REWARD_MODEL_EVENT_KIND_PROMOTED'
  | 6
  /**
   * An earlier model was put back into service.
   */
  | 'REWARD_MODEL_EVENT_KIND_ROLLED_BACK'
  | 7
  /**
   * A staged or warm model was freed, as asked or because more were warm than may be.
   */
  | 'REWARD_MODEL_EVENT_KIND_RETIRED'
  | 8
  /**
   * A staged or warm model could not be loaded again when the service started; the reason says why.
   */
  | 'REWARD_MODEL_EVENT_KIND_LOST'
  | 9

/**
 * Says what happened to the models behind a name.
 */
export type RewardModelEventKind__Output = typeof RewardModelEventKind[keyof typeof RewardModelEventKind]
