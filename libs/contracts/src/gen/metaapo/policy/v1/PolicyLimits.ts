// From proto/metaapo/policy/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Holds the limits of this server; what exceeds them is refused, never cut.
 */
export interface PolicyLimits {
  /**
   * Most prompt tokens plus response tokens of one sequence.
   */
  'contextTokensMax'?: (number);
  /**
   * Most items in one unit.
   */
  'unitItemsMax'?: (number);
  /**
   * Most samples per prompt.
   */
  'samplesPerPromptMax'?: (number);
  /**
   * Largest message received or sent, in bytes.
   */
  'messageBytesMax'?: (number | string | Long);
  /**
   * Most units waiting for the engine before new ones get `QUEUE_FULL`.
   */
  'queueUnitsMax'?: (number);
}

/**
 * Holds the limits of this server; what exceeds them is refused, never cut.
 */
export interface PolicyLimits__Output {
  /**
   * Most prompt tokens plus response tokens of one sequence.
   */
  'contextTokensMax': (number);
  /**
   * Most items in one unit.
   */
  'unitItemsMax': (number);
  /**
   * Most samples per prompt.
   */
  'samplesPerPromptMax': (number);
  /**
   * Largest message received or sent, in bytes.
   */
  'messageBytesMax': (string);
  /**
   * Most units waiting for the engine before new ones get `QUEUE_FULL`.
   */
  'queueUnitsMax': (number);
}
