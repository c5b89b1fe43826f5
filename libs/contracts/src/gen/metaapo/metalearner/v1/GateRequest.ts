// From proto/metaapo/metalearner/v1/metalearner.proto

import type { GateItem as _metaapo_metalearner_v1_GateItem, GateItem__Output as _metaapo_metalearner_v1_GateItem__Output } from '../../../metaapo/metalearner/v1/GateItem.js';
import type { MetaLearnerState as _metaapo_metalearner_v1_MetaLearnerState, MetaLearnerState__Output as _metaapo_metalearner_v1_MetaLearnerState__Output } from '../../../metaapo/metalearner/v1/MetaLearnerState.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Request for `Gate`.
 */
export interface GateRequest {
  /**
   * Required. Run whose meta-learner decides.
   */
  'runId'?: (string);
  /**
   * Items, at least one.
   */
  'items'?: (_metaapo_metalearner_v1_GateItem)[];
  /**
   * Seed of the run.
   */
  'seed'?: (number | string | Long);
  /**
   * Iteration, from 0.
   */
  'iteration'?: (number);
  /**
   * Version the caller insists on; absent accepts the current one. With `state`, that state's version.
   */
  'expectedVersion'?: (number | string | Long);
  /**
   * State that decides instead of the one held here, which may have been updated since: all rows of an iteration are
   * gated by the state at its start. The run need not be known then. Absent: the current state decides.
   */
  'state'?: (_metaapo_metalearner_v1_MetaLearnerState | null);
  '_expectedVersion'?: "expectedVersion";
}

/**
 * Request for `Gate`.
 */
export interface GateRequest__Output {
  /**
   * Required. Run whose meta-learner decides.
   */
  'runId': (string);
  /**
   * Items, at least one.
   */
  'items': (_metaapo_metalearner_v1_GateItem__Output)[];
  /**
   * Seed of the run.
   */
  'seed': (string);
  /**
   * Iteration, from 0.
   */
  'iteration': (number);
  /**
   * Version the caller insists on; absent accepts the current one. With `state`, that state's version.
   */
  'expectedVersion'?: (string);
  /**
   * State that decides instead of the one held here, which may have been updated since: all rows of an iteration are
   * gated by the state at its start. The run need not be known then. Absent: the current state decides.
   */
  'state': (_metaapo_metalearner_v1_MetaLearnerState__Output | null);
  '_expectedVersion'?: "expectedVersion";
}
