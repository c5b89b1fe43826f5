// From proto/metaapo/common/v1/common.proto


/**
 * Is one turn of a chat.
 */
export interface ChatMessage {
  /**
   * Required. Who speaks: `system`, `user`, `assistant` or another role that the model's chat template knows.
   */
  'role'?: (string);
  /**
   * Required. What is said, UTF-8. May be empty only where the template allows it.
   */
  'content'?: (string);
}

/**
 * Is one turn of a chat.
 */
export interface ChatMessage__Output {
  /**
   * Required. Who speaks: `system`, `user`, `assistant` or another role that the model's chat template knows.
   */
  'role': (string);
  /**
   * Required. What is said, UTF-8. May be empty only where the template allows it.
   */
  'content': (string);
}
