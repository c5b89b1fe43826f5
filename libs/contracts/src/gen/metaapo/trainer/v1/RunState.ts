// From proto/metaapo/trainer/v1/trainer.proto

/**
 * Says where a run stands.
 */
export const RunState = {
  /**
   * Not given.
   */
  RUN_STATE_UNSPECIFIED: 'RUN_STATE_UNSPECIFIED',
  /**
   * Under way.
   */
  RUN_STATE_RUNNING: 'RUN_STATE_RUNNING',
  /**
   * Stopping at the caller's wish.
   */
  RUN_STATE_CANCELLING: 'RUN_STATE_CANCELLING',
  /**
   * Stopped at the caller's wish; can be started again.
   */
  RUN_STATE_CANCELLED: 'RUN_STATE_CANCELLED',
  /**
   * Finished.
   */
  RUN_STATE_SUCCEEDED: 'RUN_STATE_SUCCEEDED',
  /**
   * Ended by an error; can be started again once its cause is mended.
   */
  RUN_STATE_FAILED: 'RUN_STATE_FAILED',
} as const;

/**
 * Says where a run stands.
 */
export type RunState =
  /**
   * Not given.
   */
  | 'RUN_STATE_UNSPECIFIED'
  | 0
  /**
   * Under way.
   */
  | 'RUN_STATE_RUNNING'
  | 1
  /**
   * Stopping at the caller's wish.
   */
  | 'RUN_STATE_CANCELLING'
  | 2
  /**
   * Stopped at the caller's wish; can be started again.
   */
  | 'RUN_STATE_CANCELLED'
  | 3
  /**
   * Finished.
   */
  | 'RUN_STATE_SUCCEEDED'
  | 4
  /**
   * Ended by an error; can be started again once its cause is mended.
   */
  | 'RUN_STATE_FAILED'
  | 5

/**
 * Says where a run stands.
 */
export type RunState__Output = typeof RunState[keyof typeof RunState]
