// From proto/metaapo/policy/v1/policy.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Is a meta-learner h_phi frozen in time: w = sigmoid(W2 · tanh(W1 s + b1) + b2).
 */
export interface MetaLearnerWeights {
  /**
   * Version of phi, counted from 0 at creation.
   */
  'version'?: (number | string | Long);
  /**
   * First layer's weights W1, [hidden].
   */
  'hiddenWeights'?: (number | string)[];
  /**
   * First layer's biases b1, [hidden].
   */
  'hiddenBiases'?: (number | string)[];
  /**
   * Second layer's weights W2, [hidden].
   */
  'outputWeights'?: (number | string)[];
  /**
   * Second layer's bias b2.
   */
  'outputBias'?: (number | string);
}

/**
 * Is a meta-learner h_phi frozen in time: w = sigmoid(W2 · tanh(W1 s + b1) + b2).
 */
export interface MetaLearnerWeights__Output {
  /**
   * Version of phi, counted from 0 at creation.
   */
  'version': (string);
  /**
   * First layer's weights W1, [hidden].
   */
  'hiddenWeights': (number)[];
  /**
   * First layer's biases b1, [hidden].
   */
  'hiddenBiases': (number)[];
  /**
   * Second layer's weights W2, [hidden].
   */
  'outputWeights': (number)[];
  /**
   * Second layer's bias b2.
   */
  'outputBias': (number);
}
