// From proto/metaapo/common/v1/common.proto


/**
 * Is a sequence of token ids of the model's own tokenizer.
 */
export interface TokenIds {
  /**
   * Token ids in order. Each in [0, vocabulary size).
   */
  'ids'?: (number)[];
}

/**
 * Is a sequence of token ids of the model's own tokenizer.
 */
export interface TokenIds__Output {
  /**
   * Token ids in order. Each in [0, vocabulary size).
   */
  'ids': (number)[];
}
