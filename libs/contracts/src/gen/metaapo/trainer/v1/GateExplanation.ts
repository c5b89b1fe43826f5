// From proto/metaapo/trainer/v1/trainer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Tells what the gate saw and decided.
 */
export interface GateExplanation {
  /**
   * Kind of gate, as the configuration names it.
   */
  'kind'?: (string);
  /**
   * s, the input of the weight.
   */
  'score'?: (number | string);
  /**
   * ℓ_off, preference score of the offline pair at the policy that started the iteration.
   */
  'ellOff'?: (number | string);
  /**
   * w at s; absent where the gate said nothing of the row.
   */
  'weight'?: (number | string);
  /**
   * u, the draw that w was held against.
   */
  'draw'?: (number | string);
  /**
   * True when fresh responses were asked for.
   */
  'sampled'?: (boolean);
  /**
   * State of the meta-learner that decided; absent where another gate did.
   */
  'metaLearnerVersion'?: (number | string | Long);
  '_weight'?: "weight";
  '_draw'?: "draw";
  '_metaLearnerVersion'?: "metaLearnerVersion";
}

/**
 * Tells what the gate saw and decided.
 */
export interface GateExplanation__Output {
  /**
   * Kind of gate, as the configuration names it.
   */
  'kind': (string);
  /**
   * s, the input of the weight.
   */
  'score': (number);
  /**
   * ℓ_off, preference score of the offline pair at the policy that started the iteration.
   */
  'ellOff': (number);
  /**
   * w at s; absent where the gate said nothing of the row.
   */
  'weight'?: (number);
  /**
   * u, the draw that w was held against.
   */
  'draw'?: (number);
  /**
   * True when fresh responses were asked for.
   */
  'sampled': (boolean);
  /**
   * State of the meta-learner that decided; absent where another gate did.
   */
  'metaLearnerVersion'?: (string);
  '_weight'?: "weight";
  '_draw'?: "draw";
  '_metaLearnerVersion'?: "metaLearnerVersion";
}
