// From proto/metaapo/reward/v1/reward.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetSwapReportRequest as _metaapo_reward_v1_GetSwapReportRequest, GetSwapReportRequest__Output as _metaapo_reward_v1_GetSwapReportRequest__Output } from '../../../metaapo/reward/v1/GetSwapReportRequest.js';
import type { GetSwapReportResponse as _metaapo_reward_v1_GetSwapReportResponse, GetSwapReportResponse__Output as _metaapo_reward_v1_GetSwapReportResponse__Output } from '../../../metaapo/reward/v1/GetSwapReportResponse.js';
import type { ListRewardModelVersionsRequest as _metaapo_reward_v1_ListRewardModelVersionsRequest, ListRewardModelVersionsRequest__Output as _metaapo_reward_v1_ListRewardModelVersionsRequest__Output } from '../../../metaapo/reward/v1/ListRewardModelVersionsRequest.js';
import type { ListRewardModelVersionsResponse as _metaapo_reward_v1_ListRewardModelVersionsResponse, ListRewardModelVersionsResponse__Output as _metaapo_reward_v1_ListRewardModelVersionsResponse__Output } from '../../../metaapo/reward/v1/ListRewardModelVersionsResponse.js';
import type { PromoteRewardModelRequest as _metaapo_reward_v1_PromoteRewardModelRequest, PromoteRewardModelRequest__Output as _metaapo_reward_v1_PromoteRewardModelRequest__Output } from '../../../metaapo/reward/v1/PromoteRewardModelRequest.js';
import type { PromoteRewardModelResponse as _metaapo_reward_v1_PromoteRewardModelResponse, PromoteRewardModelResponse__Output as _metaapo_reward_v1_PromoteRewardModelResponse__Output } from '../../../metaapo/reward/v1/PromoteRewardModelResponse.js';
import type { RetireRewardModelRequest as _metaapo_reward_v1_RetireRewardModelRequest, RetireRewardModelRequest__Output as _metaapo_reward_v1_RetireRewardModelRequest__Output } from '../../../metaapo/reward/v1/RetireRewardModelRequest.js';
import type { RetireRewardModelResponse as _metaapo_reward_v1_RetireRewardModelResponse, RetireRewardModelResponse__Output as _metaapo_reward_v1_RetireRewardModelResponse__Output } from '../../../metaapo/reward/v1/RetireRewardModelResponse.js';
import type { RollbackRewardModelRequest as _metaapo_reward_v1_RollbackRewardModelRequest, RollbackRewardModelRequest__Output as _metaapo_reward_v1_RollbackRewardModelRequest__Output } from '../../../metaapo/reward/v1/RollbackRewardModelRequest.js';
import type { RollbackRewardModelResponse as _metaapo_reward_v1_RollbackRewardModelResponse, RollbackRewardModelResponse__Output as _metaapo_reward_v1_RollbackRewardModelResponse__Output } from '../../../metaapo/reward/v1/RollbackRewardModelResponse.js';
import type { StageRewardModelRequest as _metaapo_reward_v1_StageRewardModelRequest, StageRewardModelRequest__Output as _metaapo_reward_v1_StageRewardModelRequest__Output } from '../../../metaapo/reward/v1/StageRewardModelRequest.js';
import type { StageRewardModelResponse as _metaapo_reward_v1_StageRewardModelResponse, StageRewardModelResponse__Output as _metaapo_reward_v1_StageRewardModelResponse__Output } from '../../../metaapo/reward/v1/StageRewardModelResponse.js';
import type { StartShadowRequest as _metaapo_reward_v1_StartShadowRequest, StartShadowRequest__Output as _metaapo_reward_v1_StartShadowRequest__Output } from '../../../metaapo/reward/v1/StartShadowRequest.js';
import type { StartShadowResponse as _metaapo_reward_v1_StartShadowResponse, StartShadowResponse__Output as _metaapo_reward_v1_StartShadowResponse__Output } from '../../../metaapo/reward/v1/StartShadowResponse.js';

/**
 * Changes which model stands behind a name. Served on a port of its own, so that a network policy can fence it.
 * 
 * A name has slots: one model in service under an epoch; at most one staged model, which has no epoch yet and may shadow
 * the one in service; and warm models, which were in service under earlier epochs and are still loaded. Epochs only grow.
 * Calls that change a name are carried out one after the other. Each is idempotent by its `request_id`: a repetition of
 * one that was carried out gets the answer that was given, also after a restart where the service keeps its state in a
 * file; the id with other content is `REQUEST_INVALID`. A call that failed is not kept. No call touches live traffic.
 * Errors of every call that changes something: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), INVALID_ARGUMENT (`REQUEST_INVALID`),
 * UNAVAILABLE (`DRAINING`; `REWARD_STATE_UNUSABLE`: the change could not be made durable and was not made).
 */
export interface RewardAdminServiceClient extends grpc.Client {
  /**
   * Compares the staged model with the one in service, on shadowed traffic and on items of the request, which both score.
   * 
   * The last report of the two models is what `PromoteRewardModel` holds against the service's limits. Changes nothing
   * else. The same items and the same shadowed traffic give the same figures.
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_REPORT_EMPTY`: no
   * item that both models scored; `SWAP_COST_NOT_ALLOWED`: items were sent, one of the models may bill, and `allow_cost`
   * is not set), INVALID_ARGUMENT (`REQUEST_INVALID`), UNAVAILABLE (`REWARD_STATE_UNUSABLE`). Deadline to expect: scoring
   * all items with both models, one item at a time, after other reports.
   */
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Compares the staged model with the one in service, on shadowed traffic and on items of the request, which both score.
   * 
   * The last report of the two models is what `PromoteRewardModel` holds against the service's limits. Changes nothing
   * else. The same items and the same shadowed traffic give the same figures.
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_REPORT_EMPTY`: no
   * item that both models scored; `SWAP_COST_NOT_ALLOWED`: items were sent, one of the models may bill, and `allow_cost`
   * is not set), INVALID_ARGUMENT (`REQUEST_INVALID`), UNAVAILABLE (`REWARD_STATE_UNUSABLE`). Deadline to expect: scoring
   * all items with both models, one item at a time, after other reports.
   */
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells all slots of a name and what has happened to it.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`).
   */
  ListRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells all slots of a name and what has happened to it.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`).
   */
  listRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModelVersions(argument: _metaapo_reward_v1_ListRewardModelVersionsRequest, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelVersionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts the staged model into service under the next epoch; the one that was in service stays warm.
   * 
   * Atomic: a call admitted before is answered by the old epoch, one admitted after by the new.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: another epoch is in service than the
   * caller expects, somebody else was first; and unless forced, where the service has limits: `SWAP_REPORT_MISSING`,
   * `SWAP_LIMITS_EXCEEDED`, which names figure and limit).
   */
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts the staged model into service under the next epoch; the one that was in service stays warm.
   * 
   * Atomic: a call admitted before is answered by the old epoch, one admitted after by the new.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: another epoch is in service than the
   * caller expects, somebody else was first; and unless forced, where the service has limits: `SWAP_REPORT_MISSING`,
   * `SWAP_LIMITS_EXCEEDED`, which names figure and limit).
   */
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Frees the staged model or an earlier epoch, as soon as the last call that it answers has ended.
   * 
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: that epoch is not warm;
   * `REWARD_MODEL_IN_SERVICE`: that epoch is in service).
   */
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Frees the staged model or an earlier epoch, as soon as the last call that it answers has ended.
   * 
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: that epoch is not warm;
   * `REWARD_MODEL_IN_SERVICE`: that epoch is in service).
   */
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts the model that was in service before back into service, under the next epoch; the one rolled back stays warm.
   * 
   * Instant: nothing is loaded. The provenance's digests tell that it is the same model. Limits do not apply.
   * Errors: FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`, as above; `ROLLBACK_UNAVAILABLE`: there was no model before, or
   * it is retired).
   */
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts the model that was in service before back into service, under the next epoch; the one rolled back stays warm.
   * 
   * Instant: nothing is loaded. The provenance's digests tell that it is the same model. Limits do not apply.
   * Errors: FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`, as above; `ROLLBACK_UNAVAILABLE`: there was no model before, or
   * it is retired).
   */
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Loads a model beside the one in service. Where it cannot be loaded, nothing has changed but the history.
   * 
   * Goes on when its caller leaves; a repetition with the same `request_id` joins it. Deadline to expect: the service's
   * REWARD_LOAD_TIMEOUT_MS.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_BROKEN`, with the reason), ALREADY_EXISTS (`REWARD_MODEL_ALREADY_STAGED`:
   * retire the staged one first), INVALID_ARGUMENT (`REQUEST_INVALID`: `spec_json` is none, all problems at once).
   */
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Loads a model beside the one in service. Where it cannot be loaded, nothing has changed but the history.
   * 
   * Goes on when its caller leaves; a repetition with the same `request_id` joins it. Deadline to expect: the service's
   * REWARD_LOAD_TIMEOUT_MS.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_BROKEN`, with the reason), ALREADY_EXISTS (`REWARD_MODEL_ALREADY_STAGED`:
   * retire the staged one first), INVALID_ARGUMENT (`REQUEST_INVALID`: `spec_json` is none, all problems at once).
   */
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lets the staged model score a share of live traffic in the shadow of the one in service, or stops it.
   * 
   * Answers and their times are those of the model in service alone: what the staged model cannot keep up with is dropped
   * and counted, and what it fails on is counted.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_COST_NOT_ALLOWED`: the staged model may bill, and
   * `allow_cost` is not set).
   */
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lets the staged model score a share of live traffic in the shadow of the one in service, or stops it.
   * 
   * Answers and their times are those of the model in service alone: what the staged model cannot keep up with is dropped
   * and counted, and what it fails on is counted.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_COST_NOT_ALLOWED`: the staged model may bill, and
   * `allow_cost` is not set).
   */
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Changes which model stands behind a name. Served on a port of its own, so that a network policy can fence it.
 * 
 * A name has slots: one model in service under an epoch; at most one staged model, which has no epoch yet and may shadow
 * the one in service; and warm models, which were in service under earlier epochs and are still loaded. Epochs only grow.
 * Calls that change a name are carried out one after the other. Each is idempotent by its `request_id`: a repetition of
 * one that was carried out gets the answer that was given, also after a restart where the service keeps its state in a
 * file; the id with other content is `REQUEST_INVALID`. A call that failed is not kept. No call touches live traffic.
 * Errors of every call that changes something: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), INVALID_ARGUMENT (`REQUEST_INVALID`),
 * UNAVAILABLE (`DRAINING`; `REWARD_STATE_UNUSABLE`: the change could not be made durable and was not made).
 */
export interface RewardAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Compares the staged model with the one in service, on shadowed traffic and on items of the request, which both score.
   * 
   * The last report of the two models is what `PromoteRewardModel` holds against the service's limits. Changes nothing
   * else. The same items and the same shadowed traffic give the same figures.
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_REPORT_EMPTY`: no
   * item that both models scored; `SWAP_COST_NOT_ALLOWED`: items were sent, one of the models may bill, and `allow_cost`
   * is not set), INVALID_ARGUMENT (`REQUEST_INVALID`), UNAVAILABLE (`REWARD_STATE_UNUSABLE`). Deadline to expect: scoring
   * all items with both models, one item at a time, after other reports.
   */
  GetSwapReport: grpc.handleUnaryCall<_metaapo_reward_v1_GetSwapReportRequest__Output, _metaapo_reward_v1_GetSwapReportResponse>;
  
  /**
   * Tells all slots of a name and what has happened to it.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`).
   */
  ListRewardModelVersions: grpc.handleUnaryCall<_metaapo_reward_v1_ListRewardModelVersionsRequest__Output, _metaapo_reward_v1_ListRewardModelVersionsResponse>;
  
  /**
   * Puts the staged model into service under the next epoch; the one that was in service stays warm.
   * 
   * Atomic: a call admitted before is answered by the old epoch, one admitted after by the new.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: another epoch is in service than the
   * caller expects, somebody else was first; and unless forced, where the service has limits: `SWAP_REPORT_MISSING`,
   * `SWAP_LIMITS_EXCEEDED`, which names figure and limit).
   */
  PromoteRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_PromoteRewardModelRequest__Output, _metaapo_reward_v1_PromoteRewardModelResponse>;
  
  /**
   * Frees the staged model or an earlier epoch, as soon as the last call that it answers has ended.
   * 
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `REWARD_EPOCH_MISMATCH`: that epoch is not warm;
   * `REWARD_MODEL_IN_SERVICE`: that epoch is in service).
   */
  RetireRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_RetireRewardModelRequest__Output, _metaapo_reward_v1_RetireRewardModelResponse>;
  
  /**
   * Puts the model that was in service before back into service, under the next epoch; the one rolled back stays warm.
   * 
   * Instant: nothing is loaded. The provenance's digests tell that it is the same model. Limits do not apply.
   * Errors: FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`, as above; `ROLLBACK_UNAVAILABLE`: there was no model before, or
   * it is retired).
   */
  RollbackRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_RollbackRewardModelRequest__Output, _metaapo_reward_v1_RollbackRewardModelResponse>;
  
  /**
   * Loads a model beside the one in service. Where it cannot be loaded, nothing has changed but the history.
   * 
   * Goes on when its caller leaves; a repetition with the same `request_id` joins it. Deadline to expect: the service's
   * REWARD_LOAD_TIMEOUT_MS.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_BROKEN`, with the reason), ALREADY_EXISTS (`REWARD_MODEL_ALREADY_STAGED`:
   * retire the staged one first), INVALID_ARGUMENT (`REQUEST_INVALID`: `spec_json` is none, all problems at once).
   */
  StageRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_StageRewardModelRequest__Output, _metaapo_reward_v1_StageRewardModelResponse>;
  
  /**
   * Lets the staged model score a share of live traffic in the shadow of the one in service, or stops it.
   * 
   * Answers and their times are those of the model in service alone: what the staged model cannot keep up with is dropped
   * and counted, and what it fails on is counted.
   * Errors: FAILED_PRECONDITION (`REWARD_MODEL_NOT_STAGED`; `SWAP_COST_NOT_ALLOWED`: the staged model may bill, and
   * `allow_cost` is not set).
   */
  StartShadow: grpc.handleUnaryCall<_metaapo_reward_v1_StartShadowRequest__Output, _metaapo_reward_v1_StartShadowResponse>;
  
}

export interface RewardAdminServiceDefinition extends grpc.ServiceDefinition {
  GetSwapReport: MethodDefinition<_metaapo_reward_v1_GetSwapReportRequest, _metaapo_reward_v1_GetSwapReportResponse, _metaapo_reward_v1_GetSwapReportRequest__Output, _metaapo_reward_v1_GetSwapReportResponse__Output>
  ListRewardModelVersions: MethodDefinition<_metaapo_reward_v1_ListRewardModelVersionsRequest, _metaapo_reward_v1_ListRewardModelVersionsResponse, _metaapo_reward_v1_ListRewardModelVersionsRequest__Output, _metaapo_reward_v1_ListRewardModelVersionsResponse__Output>
  PromoteRewardModel: MethodDefinition<_metaapo_reward_v1_PromoteRewardModelRequest, _metaapo_reward_v1_PromoteRewardModelResponse, _metaapo_reward_v1_PromoteRewardModelRequest__Output, _metaapo_reward_v1_PromoteRewardModelResponse__Output>
  RetireRewardModel: MethodDefinition<_metaapo_reward_v1_RetireRewardModelRequest, _metaapo_reward_v1_RetireRewardModelResponse, _metaapo_reward_v1_RetireRewardModelRequest__Output, _metaapo_reward_v1_RetireRewardModelResponse__Output>
  RollbackRewardModel: MethodDefinition<_metaapo_reward_v1_RollbackRewardModelRequest, _metaapo_reward_v1_RollbackRewardModelResponse, _metaapo_reward_v1_RollbackRewardModelRequest__Output, _metaapo_reward_v1_RollbackRewardModelResponse__Output>
  StageRewardModel: MethodDefinition<_metaapo_reward_v1_StageRewardModelRequest, _metaapo_reward_v1_StageRewardModelResponse, _metaapo_reward_v1_StageRewardModelRequest__Output, _metaapo_reward_v1_StageRewardModelResponse__Output>
  StartShadow: MethodDefinition<_metaapo_reward_v1_StartShadowRequest, _metaapo_reward_v1_StartShadowResponse, _metaapo_reward_v1_StartShadowRequest__Output, _metaapo_reward_v1_StartShadowResponse__Output>
}
