// From proto/metaapo/trainer/v1/trainer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelTrainingRunRequest as _metaapo_trainer_v1_CancelTrainingRunRequest, CancelTrainingRunRequest__Output as _metaapo_trainer_v1_CancelTrainingRunRequest__Output } from '../../../metaapo/trainer/v1/CancelTrainingRunRequest.js';
import type { CancelTrainingRunResponse as _metaapo_trainer_v1_CancelTrainingRunResponse, CancelTrainingRunResponse__Output as _metaapo_trainer_v1_CancelTrainingRunResponse__Output } from '../../../metaapo/trainer/v1/CancelTrainingRunResponse.js';
import type { ExplainPairRequest as _metaapo_trainer_v1_ExplainPairRequest, ExplainPairRequest__Output as _metaapo_trainer_v1_ExplainPairRequest__Output } from '../../../metaapo/trainer/v1/ExplainPairRequest.js';
import type { ExplainPairResponse as _metaapo_trainer_v1_ExplainPairResponse, ExplainPairResponse__Output as _metaapo_trainer_v1_ExplainPairResponse__Output } from '../../../metaapo/trainer/v1/ExplainPairResponse.js';
import type { GetTrainingRunRequest as _metaapo_trainer_v1_GetTrainingRunRequest, GetTrainingRunRequest__Output as _metaapo_trainer_v1_GetTrainingRunRequest__Output } from '../../../metaapo/trainer/v1/GetTrainingRunRequest.js';
import type { GetTrainingRunResponse as _metaapo_trainer_v1_GetTrainingRunResponse, GetTrainingRunResponse__Output as _metaapo_trainer_v1_GetTrainingRunResponse__Output } from '../../../metaapo/trainer/v1/GetTrainingRunResponse.js';
import type { ListTrainingRunsRequest as _metaapo_trainer_v1_ListTrainingRunsRequest, ListTrainingRunsRequest__Output as _metaapo_trainer_v1_ListTrainingRunsRequest__Output } from '../../../metaapo/trainer/v1/ListTrainingRunsRequest.js';
import type { ListTrainingRunsResponse as _metaapo_trainer_v1_ListTrainingRunsResponse, ListTrainingRunsResponse__Output as _metaapo_trainer_v1_ListTrainingRunsResponse__Output } from '../../../metaapo/trainer/v1/ListTrainingRunsResponse.js';
import type { StartTrainingRunRequest as _metaapo_trainer_v1_StartTrainingRunRequest, StartTrainingRunRequest__Output as _metaapo_trainer_v1_StartTrainingRunRequest__Output } from '../../../metaapo/trainer/v1/StartTrainingRunRequest.js';
import type { StartTrainingRunResponse as _metaapo_trainer_v1_StartTrainingRunResponse, StartTrainingRunResponse__Output as _metaapo_trainer_v1_StartTrainingRunResponse__Output } from '../../../metaapo/trainer/v1/StartTrainingRunResponse.js';
import type { WatchTrainingRunRequest as _metaapo_trainer_v1_WatchTrainingRunRequest, WatchTrainingRunRequest__Output as _metaapo_trainer_v1_WatchTrainingRunRequest__Output } from '../../../metaapo/trainer/v1/WatchTrainingRunRequest.js';
import type { WatchTrainingRunResponse as _metaapo_trainer_v1_WatchTrainingRunResponse, WatchTrainingRunResponse__Output as _metaapo_trainer_v1_WatchTrainingRunResponse__Output } from '../../../metaapo/trainer/v1/WatchTrainingRunResponse.js';

/**
 * Drives training runs over the policy, reward and meta-learner services.
 */
export interface TrainerServiceClient extends grpc.Client {
  /**
   * Stops a run after the units in flight; it can be started again. Cancelling an ended run changes nothing.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  CancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  CancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  CancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  CancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Stops a run after the units in flight; it can be started again. Cancelling an ended run changes nothing.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  cancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  cancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  cancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  cancelTrainingRun(argument: _metaapo_trainer_v1_CancelTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_CancelTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells where a training row came from: gate, samples, scores with the provenance of each, pair, weight at each use, traces.
   * 
   * Reads the journal alone: no service is asked and nothing is changed, whether the run is under way, interrupted or
   * finished. What the journal does not tell is named in `gaps`.
   * Errors: NOT_FOUND (`RUN_UNKNOWN`; `ROW_UNKNOWN`: the run has no such row, or has not come to it yet),
   * INVALID_ARGUMENT (`REQUEST_INVALID`: not one of `run_id` and `run_directory`), FAILED_PRECONDITION
   * (`RUN_SCHEMA_UNKNOWN`; `ROWS_NOT_NOTED`: a version without such notes did the work), DATA_LOSS (`DATABASE_DAMAGED`,
   * `JOURNAL_DAMAGED`).
   */
  ExplainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  ExplainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  ExplainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  ExplainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells where a training row came from: gate, samples, scores with the provenance of each, pair, weight at each use, traces.
   * 
   * Reads the journal alone: no service is asked and nothing is changed, whether the run is under way, interrupted or
   * finished. What the journal does not tell is named in `gaps`.
   * Errors: NOT_FOUND (`RUN_UNKNOWN`; `ROW_UNKNOWN`: the run has no such row, or has not come to it yet),
   * INVALID_ARGUMENT (`REQUEST_INVALID`: not one of `run_id` and `run_directory`), FAILED_PRECONDITION
   * (`RUN_SCHEMA_UNKNOWN`; `ROWS_NOT_NOTED`: a version without such notes did the work), DATA_LOSS (`DATABASE_DAMAGED`,
   * `JOURNAL_DAMAGED`).
   */
  explainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  explainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  explainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  explainPair(argument: _metaapo_trainer_v1_ExplainPairRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_ExplainPairResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Describes a run.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  GetTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  GetTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  GetTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  GetTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Describes a run.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  getTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  getTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  getTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  getTrainingRun(argument: _metaapo_trainer_v1_GetTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_GetTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists runs known to this trainer, newest first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  ListTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  ListTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  ListTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists runs known to this trainer, newest first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  listTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  listTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  listTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  listTrainingRuns(argument: _metaapo_trainer_v1_ListTrainingRunsRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_ListTrainingRunsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Starts a run, or goes on with it when its directory holds an unfinished one of the same configuration.
   * 
   * Returns as soon as the run is under way. Repeating a request id returns the same run. A finished run is described
   * and left as it is. A directory that another process works on is refused with that process's host, id, address and
   * the time since when it does.
   * Errors: INVALID_ARGUMENT (`CONFIG_INVALID`, all problems at once; `DATA_INVALID`), FAILED_PRECONDITION
   * (`RUN_CONFIG_CHANGED`, `RUN_DIRECTORY_BUSY`), RESOURCE_EXHAUSTED (`RUNS_FULL`), UNAVAILABLE (`DRAINING`).
   */
  StartTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  StartTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  StartTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  StartTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Starts a run, or goes on with it when its directory holds an unfinished one of the same configuration.
   * 
   * Returns as soon as the run is under way. Repeating a request id returns the same run. A finished run is described
   * and left as it is. A directory that another process works on is refused with that process's host, id, address and
   * the time since when it does.
   * Errors: INVALID_ARGUMENT (`CONFIG_INVALID`, all problems at once; `DATA_INVALID`), FAILED_PRECONDITION
   * (`RUN_CONFIG_CHANGED`, `RUN_DIRECTORY_BUSY`), RESOURCE_EXHAUSTED (`RUNS_FULL`), UNAVAILABLE (`DRAINING`).
   */
  startTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  startTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  startTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  startTrainingRun(argument: _metaapo_trainer_v1_StartTrainingRunRequest, callback: grpc.requestCallback<_metaapo_trainer_v1_StartTrainingRunResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Streams what happens in a run, from a given event on, until it ends.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  WatchTrainingRun(argument: _metaapo_trainer_v1_WatchTrainingRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_trainer_v1_WatchTrainingRunResponse__Output>;
  WatchTrainingRun(argument: _metaapo_trainer_v1_WatchTrainingRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_trainer_v1_WatchTrainingRunResponse__Output>;
  /**
   * Streams what happens in a run, from a given event on, until it ends.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  watchTrainingRun(argument: _metaapo_trainer_v1_WatchTrainingRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_trainer_v1_WatchTrainingRunResponse__Output>;
  watchTrainingRun(argument: _metaapo_trainer_v1_WatchTrainingRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_trainer_v1_WatchTrainingRunResponse__Output>;
  
}

/**
 * Drives training runs over the policy, reward and meta-learner services.
 */
export interface TrainerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Stops a run after the units in flight; it can be started again. Cancelling an ended run changes nothing.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  CancelTrainingRun: grpc.handleUnaryCall<_metaapo_trainer_v1_CancelTrainingRunRequest__Output, _metaapo_trainer_v1_CancelTrainingRunResponse>;
  
  /**
   * Tells where a training row came from: gate, samples, scores with the provenance of each, pair, weight at each use, traces.
   * 
   * Reads the journal alone: no service is asked and nothing is changed, whether the run is under way, interrupted or
   * finished. What the journal does not tell is named in `gaps`.
   * Errors: NOT_FOUND (`RUN_UNKNOWN`; `ROW_UNKNOWN`: the run has no such row, or has not come to it yet),
   * INVALID_ARGUMENT (`REQUEST_INVALID`: not one of `run_id` and `run_directory`), FAILED_PRECONDITION
   * (`RUN_SCHEMA_UNKNOWN`; `ROWS_NOT_NOTED`: a version without such notes did the work), DATA_LOSS (`DATABASE_DAMAGED`,
   * `JOURNAL_DAMAGED`).
   */
  ExplainPair: grpc.handleUnaryCall<_metaapo_trainer_v1_ExplainPairRequest__Output, _metaapo_trainer_v1_ExplainPairResponse>;
  
  /**
   * Describes a run.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  GetTrainingRun: grpc.handleUnaryCall<_metaapo_trainer_v1_GetTrainingRunRequest__Output, _metaapo_trainer_v1_GetTrainingRunResponse>;
  
  /**
   * Lists runs known to this trainer, newest first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListTrainingRuns: grpc.handleUnaryCall<_metaapo_trainer_v1_ListTrainingRunsRequest__Output, _metaapo_trainer_v1_ListTrainingRunsResponse>;
  
  /**
   * Starts a run, or goes on with it when its directory holds an unfinished one of the same configuration.
   * 
   * Returns as soon as the run is under way. Repeating a request id returns the same run. A finished run is described
   * and left as it is. A directory that another process works on is refused with that process's host, id, address and
   * the time since when it does.
   * Errors: INVALID_ARGUMENT (`CONFIG_INVALID`, all problems at once; `DATA_INVALID`), FAILED_PRECONDITION
   * (`RUN_CONFIG_CHANGED`, `RUN_DIRECTORY_BUSY`), RESOURCE_EXHAUSTED (`RUNS_FULL`), UNAVAILABLE (`DRAINING`).
   */
  StartTrainingRun: grpc.handleUnaryCall<_metaapo_trainer_v1_StartTrainingRunRequest__Output, _metaapo_trainer_v1_StartTrainingRunResponse>;
  
  /**
   * Streams what happens in a run, from a given event on, until it ends.
   * 
   * Errors: NOT_FOUND (`RUN_UNKNOWN`).
   */
  WatchTrainingRun: grpc.handleServerStreamingCall<_metaapo_trainer_v1_WatchTrainingRunRequest__Output, _metaapo_trainer_v1_WatchTrainingRunResponse>;
  
}

export interface TrainerServiceDefinition extends grpc.ServiceDefinition {
  CancelTrainingRun: MethodDefinition<_metaapo_trainer_v1_CancelTrainingRunRequest, _metaapo_trainer_v1_CancelTrainingRunResponse, _metaapo_trainer_v1_CancelTrainingRunRequest__Output, _metaapo_trainer_v1_CancelTrainingRunResponse__Output>
  ExplainPair: MethodDefinition<_metaapo_trainer_v1_ExplainPairRequest, _metaapo_trainer_v1_ExplainPairResponse, _metaapo_trainer_v1_ExplainPairRequest__Output, _metaapo_trainer_v1_ExplainPairResponse__Output>
  GetTrainingRun: MethodDefinition<_metaapo_trainer_v1_GetTrainingRunRequest, _metaapo_trainer_v1_GetTrainingRunResponse, _metaapo_trainer_v1_GetTrainingRunRequest__Output, _metaapo_trainer_v1_GetTrainingRunResponse__Output>
  ListTrainingRuns: MethodDefinition<_metaapo_trainer_v1_ListTrainingRunsRequest, _metaapo_trainer_v1_ListTrainingRunsResponse, _metaapo_trainer_v1_ListTrainingRunsRequest__Output, _metaapo_trainer_v1_ListTrainingRunsResponse__Output>
  StartTrainingRun: MethodDefinition<_metaapo_trainer_v1_StartTrainingRunRequest, _metaapo_trainer_v1_StartTrainingRunResponse, _metaapo_trainer_v1_StartTrainingRunRequest__Output, _metaapo_trainer_v1_StartTrainingRunResponse__Output>
  WatchTrainingRun: MethodDefinition<_metaapo_trainer_v1_WatchTrainingRunRequest, _metaapo_trainer_v1_WatchTrainingRunResponse, _metaapo_trainer_v1_WatchTrainingRunRequest__Output, _metaapo_trainer_v1_WatchTrainingRunResponse__Output>
}
