// From proto/metaapo/common/v1/common.proto

import type { TokenIds as _metaapo_common_v1_TokenIds, TokenIds__Output as _metaapo_common_v1_TokenIds__Output } from '../../../metaapo/common/v1/TokenIds.js';

/**
 * Is an answer to a prompt.
 */
export interface Response {
  /**
   * Text, encoded by itself without special tokens.
   */
  'text'?: (string);
  /**
   * Token ids, used as they are, without the end token.
   */
  'tokenIds'?: (_metaapo_common_v1_TokenIds | null);
  /**
   * True when generation stopped for length: no end token follows and none is scored or trained on. Default false: the
   * end token is appended.
   */
  'truncated'?: (boolean);
  /**
   * Required. Exactly one form.
   */
  'form'?: "text"|"tokenIds";
}

/**
 * Is an answer to a prompt.
 */
export interface Response__Output {
  /**
   * Text, encoded by itself without special tokens.
   */
  'text'?: (string);
  /**
   * Token ids, used as they are, without the end token.
   */
  'tokenIds'?: (_metaapo_common_v1_TokenIds__Output | null);
  /**
   * True when generation stopped for length: no end token follows and none is scored or trained on. Default false: the
   * end token is appended.
   */
  'truncated': (boolean);
  /**
   * Required. Exactly one form.
   */
  'form'?: "text"|"tokenIds";
}
