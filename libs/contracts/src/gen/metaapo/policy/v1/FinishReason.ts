// From proto/metaapo/policy/v1/policy.proto

/**
 * Says why a sample ended.
 */
export const FinishReason = {
  /**
   * Not given.
   */
  FINISH_REASON_UNSPECIFIED: 'FINISH_REASON_UNSPECIFIED',
  /**
   * The end token was drawn.
   */
  FINISH_REASON_STOP_TOKEN: 'FINISH_REASON_STOP_TOKEN',
  /**
   * A stop text appeared.
   */
  FINISH_REASON_STOP_TEXT: 'FINISH_REASON_STOP_TEXT',
  /**
   * `max_new_tokens` or the context was reached.
   */
  FINISH_REASON_LENGTH: 'FINISH_REASON_LENGTH',
} as const;

/**
 * Says why a sample ended.
 */
export type FinishReason =
  /**
   * Not given.
   */
  | 'FINISH_REASON_UNSPECIFIED'
  | 0
  /**
   * The end token was drawn.
   */
  | 'FINISH_REASON_STOP_TOKEN'
  | 1
  /**
   * A stop text appeared.
   */
  | 'FINISH_REASON_STOP_TEXT'
  | 2
  /**
   * `max_new_tokens` or the context was reached.
   */
  | 'FINISH_REASON_LENGTH'
  | 3

/**
 * Says why a sample ended.
 */
export type FinishReason__Output = typeof FinishReason[keyof typeof FinishReason]
