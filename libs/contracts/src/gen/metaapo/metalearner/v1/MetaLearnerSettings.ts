// From proto/metaapo/metalearner/v1/metalearner.proto

import type { InitKind as _metaapo_metalearner_v1_InitKind, InitKind__Output as _metaapo_metalearner_v1_InitKind__Output } from '../../../metaapo/metalearner/v1/InitKind.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Sets shape, start and optimizer of a meta-learner.
 */
export interface MetaLearnerSettings {
  /**
   * Width of the hidden layer, in [1, 65536]. 0 means 100.
   */
  'hiddenWidth'?: (number);
  /**
   * Required. How phi starts.
   */
  'init'?: (_metaapo_metalearner_v1_InitKind);
  /**
   * Seed of the random start. Ignored by the constant one.
   */
  'initSeed'?: (number | string | Long);
  /**
   * AdamW learning rate, in (0, ∞). 0 means 0.005.
   */
  'learningRate'?: (number | string);
  /**
   * Decoupled weight decay on W1 and W2, in [0, ∞). Absent means 0.0001.
   */
  'weightDecay'?: (number | string);
  /**
   * Largest gradient norm, in (0, ∞). 0 means 1.
   */
  'gradientNormMax'?: (number | string);
  /**
   * AdamW steps per update on the mean over the whole buffer, in [1, 1000]. 0 means 1.
   */
  'stepsPerUpdate'?: (number);
  '_weightDecay'?: "weightDecay";
}

/**
 * Sets shape, start and optimizer of a meta-learner.
 */
export interface MetaLearnerSettings__Output {
  /**
   * Width of the hidden layer, in [1, 65536]. 0 means 100.
   */
  'hiddenWidth': (number);
  /**
   * Required. How phi starts.
   */
  'init': (_metaapo_metalearner_v1_InitKind__Output);
  /**
   * Seed of the random start. Ignored by the constant one.
   */
  'initSeed': (string);
  /**
   * AdamW learning rate, in (0, ∞). 0 means 0.005.
   */
  'learningRate': (number);
  /**
   * Decoupled weight decay on W1 and W2, in [0, ∞). Absent means 0.0001.
   */
  'weightDecay'?: (number);
  /**
   * Largest gradient norm, in (0, ∞). 0 means 1.
   */
  'gradientNormMax': (number);
  /**
   * AdamW steps per update on the mean over the whole buffer, in [1, 1000]. 0 means 1.
   */
  'stepsPerUpdate': (number);
  '_weightDecay'?: "weightDecay";
}
