// From proto/metaapo/trainer/v1/trainer.proto

import type { RunState as _metaapo_trainer_v1_RunState, RunState__Output as _metaapo_trainer_v1_RunState__Output } from '../../../metaapo/trainer/v1/RunState.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { RunFailure as _metaapo_trainer_v1_RunFailure, RunFailure__Output as _metaapo_trainer_v1_RunFailure__Output } from '../../../metaapo/trainer/v1/RunFailure.js';
import type { Money as _metaapo_trainer_v1_Money, Money__Output as _metaapo_trainer_v1_Money__Output } from '../../../metaapo/trainer/v1/Money.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Is one run.
 */
export interface TrainingRun {
  /**
   * Identifies the run.
   */
  'runId'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_metaapo_trainer_v1_RunState);
  /**
   * Phase it is in; empty before the first one.
   */
  'phase'?: (string);
  /**
   * Iteration it is in, from 0.
   */
  'iteration'?: (number);
  /**
   * Directory of the run, as the trainer was given it.
   */
  'runDirectory'?: (string);
  /**
   * Digest of the resolved configuration.
   */
  'configDigest'?: (string);
  /**
   * Annotations paid for so far: responses scored by the training reward.
   */
  'annotationCount'?: (number | string | Long);
  /**
   * Annotations that sampling every prompt would have cost so far.
   */
  'annotationCountUngated'?: (number | string | Long);
  /**
   * Policy optimizer steps taken.
   */
  'optimizerStepCount'?: (number | string | Long);
  /**
   * Meta-learner updates taken.
   */
  'metaUpdateCount'?: (number | string | Long);
  /**
   * When it was started first.
   */
  'createTime'?: (_google_protobuf_Timestamp | null);
  /**
   * When it ended; absent while it goes on.
   */
  'endTime'?: (_google_protobuf_Timestamp | null);
  /**
   * Why it failed; absent otherwise.
   */
  'failure'?: (_metaapo_trainer_v1_RunFailure | null);
  /**
   * Digest of the final adapter; empty before the end.
   */
  'adapterDigest'?: (string);
  /**
   * Name of the run, as its configuration gives it.
   */
  'name'?: (string);
  /**
   * Iterations the run has.
   */
  'iterationCount'?: (number);
  /**
   * Iterations that are finished, evaluation apart.
   */
  'iterationCountDone'?: (number);
  /**
   * What the annotations cost so far; absent where the configuration names no price.
   */
  'cost'?: (_metaapo_trainer_v1_Money | null);
}

/**
 * Is one run.
 */
export interface TrainingRun__Output {
  /**
   * Identifies the run.
   */
  'runId': (string);
  /**
   * Where it stands.
   */
  'state': (_metaapo_trainer_v1_RunState__Output);
  /**
   * Phase it is in; empty before the first one.
   */
  'phase': (string);
  /**
   * Iteration it is in, from 0.
   */
  'iteration': (number);
  /**
   * Directory of the run, as the trainer was given it.
   */
  'runDirectory': (string);
  /**
   * Digest of the resolved configuration.
   */
  'configDigest': (string);
  /**
   * Annotations paid for so far: responses scored by the training reward.
   */
  'annotationCount': (string);
  /**
   * Annotations that sampling every prompt would have cost so far.
   */
  'annotationCountUngated': (string);
  /**
   * Policy optimizer steps taken.
   */
  'optimizerStepCount': (string);
  /**
   * Meta-learner updates taken.
   */
  'metaUpdateCount': (string);
  /**
   * When it was started first.
   */
  'createTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * When it ended; absent while it goes on.
   */
  'endTime': (_google_protobuf_Timestamp__Output | null);
  /**
   * Why it failed; absent otherwise.
   */
  'failure': (_metaapo_trainer_v1_RunFailure__Output | null);
  /**
   * Digest of the final adapter; empty before the end.
   */
  'adapterDigest': (string);
  /**
   * Name of the run, as its configuration gives it.
   */
  'name': (string);
  /**
   * Iterations the run has.
   */
  'iterationCount': (number);
  /**
   * Iterations that are finished, evaluation apart.
   */
  'iterationCountDone': (number);
  /**
   * What the annotations cost so far; absent where the configuration names no price.
   */
  'cost': (_metaapo_trainer_v1_Money__Output | null);
}
