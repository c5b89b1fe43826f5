// From proto/metaapo/trainer/v1/trainer.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../../google/protobuf/Timestamp.js';
import type { TrainingRun as _metaapo_trainer_v1_TrainingRun, TrainingRun__Output as _metaapo_trainer_v1_TrainingRun__Output } from '../../../metaapo/trainer/v1/TrainingRun.js';
import type { PhaseStarted as _metaapo_trainer_v1_PhaseStarted, PhaseStarted__Output as _metaapo_trainer_v1_PhaseStarted__Output } from '../../../metaapo/trainer/v1/PhaseStarted.js';
import type { PhaseProgress as _metaapo_trainer_v1_PhaseProgress, PhaseProgress__Output as _metaapo_trainer_v1_PhaseProgress__Output } from '../../../metaapo/trainer/v1/PhaseProgress.js';
import type { PhaseEnded as _metaapo_trainer_v1_PhaseEnded, PhaseEnded__Output as _metaapo_trainer_v1_PhaseEnded__Output } from '../../../metaapo/trainer/v1/PhaseEnded.js';
import type { RunEnded as _metaapo_trainer_v1_RunEnded, RunEnded__Output as _metaapo_trainer_v1_RunEnded__Output } from '../../../metaapo/trainer/v1/RunEnded.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Message of the `WatchTrainingRun` stream.
 */
export interface WatchTrainingRunResponse {
  /**
   * Number of this event, from 0, without gaps while the trainer lives.
   */
  'event'?: (number | string | Long);
  /**
   * When it happened.
   */
  'time'?: (_google_protobuf_Timestamp | null);
  /**
   * The run at that time.
   */
  'run'?: (_metaapo_trainer_v1_TrainingRun | null);
  /**
   * A phase began.
   */
  'phaseStarted'?: (_metaapo_trainer_v1_PhaseStarted | null);
  /**
   * A unit of a phase was committed.
   */
  'phaseProgress'?: (_metaapo_trainer_v1_PhaseProgress | null);
  /**
   * A phase ended.
   */
  'phaseEnded'?: (_metaapo_trainer_v1_PhaseEnded | null);
  /**
   * The run ended; the last event.
   */
  'runEnded'?: (_metaapo_trainer_v1_RunEnded | null);
  /**
   * Exactly one.
   */
  'kind'?: "phaseStarted"|"phaseProgress"|"phaseEnded"|"runEnded";
}

/**
 * Message of the `WatchTrainingRun` stream.
 */
export interface WatchTrainingRunResponse__Output {
  /**
   * Number of this event, from 0, without gaps while the trainer lives.
   */
  'event': (string);
  /**
   * When it happened.
   */
  'time': (_google_protobuf_Timestamp__Output | null);
  /**
   * The run at that time.
   */
  'run': (_metaapo_trainer_v1_TrainingRun__Output | null);
  /**
   * A phase began.
   */
  'phaseStarted'?: (_metaapo_trainer_v1_PhaseStarted__Output | null);
  /**
   * A unit of a phase was committed.
   */
  'phaseProgress'?: (_metaapo_trainer_v1_PhaseProgress__Output | null);
  /**
   * A phase ended.
   */
  'phaseEnded'?: (_metaapo_trainer_v1_PhaseEnded__Output | null);
  /**
   * The run ended; the last event.
   */
  'runEnded'?: (_metaapo_trainer_v1_RunEnded__Output | null);
  /**
   * Exactly one.
   */
  'kind'?: "phaseStarted"|"phaseProgress"|"phaseEnded"|"runEnded";
}
