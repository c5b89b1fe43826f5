// From proto/metaapo/reward/v1/reward.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Says which model gave a score; stored beside every score that is paid for.
 */
export interface Provenance {
  /**
   * Name the caller asked for.
   */
  'rewardModel'?: (string);
  /**
   * Counts what stood behind the name, from 1; each promotion and each rollback counts. 0 of a staged model, which has none.
   */
  'epoch'?: (number | string | Long);
  /**
   * Digest of everything that could change a score, `sha256:` and 64 hexadecimal digits: of a rule its code and lexicon, of
   * a classifier its weights, tokenizer, template and settings.
   */
  'weightsDigest'?: (string);
  /**
   * Digest of the tokenizer; empty for backends that have none.
   */
  'tokenizerDigest'?: (string);
  /**
   * Digest of the chat template; empty for backends that have none.
   */
  'templateDigest'?: (string);
  /**
   * Kind of backend, for instance `vader`, `module`, `lm-classifier`.
   */
  'backend'?: (string);
  /**
   * Execution provider, for instance `cpu`; `javascript` for rules.
   */
  'executionProvider'?: (string);
  /**
   * Element type the score is computed in, for instance `float64`.
   */
  'dtype'?: (string);
  /**
   * Version of the service's software.
   */
  'serviceVersion'?: (string);
  /**
   * What is done with a prompt and a response beyond the model's window: `refuse`, or `left` or `right` for the side that
   * is cut off. Empty for backends that have no window.
   */
  'truncation'?: (string);
}

/**
 * Says which model gave a score; stored beside every score that is paid for.
 */
export interface Provenance__Output {
  /**
   * Name the caller asked for.
   */
  'rewardModel': (string);
  /**
   * Counts what stood behind the name, from 1; each promotion and each rollback counts. 0 of a staged model, which has none.
   */
  'epoch': (string);
  /**
   * Digest of everything that could change a score, `sha256:` and 64 hexadecimal digits: of a rule its code and lexicon, of
   * a classifier its weights, tokenizer, template and settings.
   */
  'weightsDigest': (string);
  /**
   * Digest of the tokenizer; empty for backends that have none.
   */
  'tokenizerDigest': (string);
  /**
   * Digest of the chat template; empty for backends that have none.
   */
  'templateDigest': (string);
  /**
   * Kind of backend, for instance `vader`, `module`, `lm-classifier`.
   */
  'backend': (string);
  /**
   * Execution provider, for instance `cpu`; `javascript` for rules.
   */
  'executionProvider': (string);
  /**
   * Element type the score is computed in, for instance `float64`.
   */
  'dtype': (string);
  /**
   * Version of the service's software.
   */
  'serviceVersion': (string);
  /**
   * What is done with a prompt and a response beyond the model's window: `refuse`, or `left` or `right` for the side that
   * is cut off. Empty for backends that have no window.
   */
  'truncation': (string);
}
