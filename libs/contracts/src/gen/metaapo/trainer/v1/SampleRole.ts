// From proto/metaapo/trainer/v1/trainer.proto

/**
 * Says which part a response has in the pair.
 */
export const SampleRole = {
  /**
   * None.
   */
  SAMPLE_ROLE_UNSPECIFIED: 'SAMPLE_ROLE_UNSPECIFIED',
  /**
   * Highest reward.
   */
  SAMPLE_ROLE_CHOSEN: 'SAMPLE_ROLE_CHOSEN',
  /**
   * Lowest reward.
   */
  SAMPLE_ROLE_REJECTED: 'SAMPLE_ROLE_REJECTED',
} as const;

/**
 * Says which part a response has in the pair.
 */
export type SampleRole =
  /**
   * None.
   */
  | 'SAMPLE_ROLE_UNSPECIFIED'
  | 0
  /**
   * Highest reward.
   */
  | 'SAMPLE_ROLE_CHOSEN'
  | 1
  /**
   * Lowest reward.
   */
  | 'SAMPLE_ROLE_REJECTED'
  | 2

/**
 * Says which part a response has in the pair.
 */
export type SampleRole__Output = typeof SampleRole[keyof typeof SampleRole]
