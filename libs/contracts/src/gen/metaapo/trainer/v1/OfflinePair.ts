// From proto/metaapo/trainer/v1/trainer.proto


/**
 * Is a row of the data.
 */
export interface OfflinePair {
  /**
   * Prompt, conversations as `ROLE: text` lines.
   */
  'prompt'?: (string);
  /**
   * The better response.
   */
  'chosen'?: (string);
  /**
   * The worse response.
   */
  'rejected'?: (string);
}

/**
 * Is a row of the data.
 */
export interface OfflinePair__Output {
  /**
   * Prompt, conversations as `ROLE: text` lines.
   */
  'prompt': (string);
  /**
   * The better response.
   */
  'chosen': (string);
  /**
   * The worse response.
   */
  'rejected': (string);
}
