// From proto/metaapo/reward/v1/reward.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AnnotateRequest as _metaapo_reward_v1_AnnotateRequest, AnnotateRequest__Output as _metaapo_reward_v1_AnnotateRequest__Output } from '../../../metaapo/reward/v1/AnnotateRequest.js';
import type { AnnotateResponse as _metaapo_reward_v1_AnnotateResponse, AnnotateResponse__Output as _metaapo_reward_v1_AnnotateResponse__Output } from '../../../metaapo/reward/v1/AnnotateResponse.js';
import type { GetRewardModelRequest as _metaapo_reward_v1_GetRewardModelRequest, GetRewardModelRequest__Output as _metaapo_reward_v1_GetRewardModelRequest__Output } from '../../../metaapo/reward/v1/GetRewardModelRequest.js';
import type { GetRewardModelResponse as _metaapo_reward_v1_GetRewardModelResponse, GetRewardModelResponse__Output as _metaapo_reward_v1_GetRewardModelResponse__Output } from '../../../metaapo/reward/v1/GetRewardModelResponse.js';
import type { ListRewardModelsRequest as _metaapo_reward_v1_ListRewardModelsRequest, ListRewardModelsRequest__Output as _metaapo_reward_v1_ListRewardModelsRequest__Output } from '../../../metaapo/reward/v1/ListRewardModelsRequest.js';
import type { ListRewardModelsResponse as _metaapo_reward_v1_ListRewardModelsResponse, ListRewardModelsResponse__Output as _metaapo_reward_v1_ListRewardModelsResponse__Output } from '../../../metaapo/reward/v1/ListRewardModelsResponse.js';

/**
 * Scores responses with named reward models.
 */
export interface RewardServiceClient extends grpc.Client {
  /**
   * Scores responses. A response that could not be scored carries a status and no score; a failure never becomes zero.
   * 
   * Idempotent: a request that carries a `request_id` is scored to its end even when its caller is gone, and one that
   * repeats it joins that work, or gets the reply that was given, at no further cost. A reply in which a response failed
   * for another reason than what was sent (`REWARD_BACKEND_TIMEOUT`, for instance), like a call that failed, is not kept:
   * a repetition after it is scored anew. Replies are kept for the last 1024 requests at most, and not beyond the
   * process. All scores of a reply come from one epoch: the one in service when the call was admitted, or the one that
   * the caller insists on, which answers while it is in service or warm. A swap in mid-call changes nothing for the call.
   * A request that is repeated after a promotion gets the reply that it had, provenance included.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`REQUEST_INVALID`), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`).
   * Errors of a response: `REWARD_NOT_FINITE`, `REWARD_BACKEND_FAILED`, `REWARD_BACKEND_TIMEOUT`, `RESPONSE_EMPTY`,
   * `TEXT_MALFORMED`, and of classifiers also `REWARD_INPUT_TOO_LONG`, `REWARD_INPUT_FAILED`, `CHAT_TEMPLATE_FAILED`,
   * `PROMPT_INVALID`, and of models behind other servers `REWARD_REMOTE_UNREACHABLE`, `REWARD_REMOTE_TIMEOUT`,
   * `REWARD_REMOTE_OVERLOADED`, `REWARD_REMOTE_FAILED`, `REWARD_REMOTE_NOT_READY`, `REWARD_REMOTE_REFUSED`,
   * `REWARD_REMOTE_REPLY_INVALID`, `REWARD_REMOTE_CHANGED`, and of judges `JUDGE_REFUSED`, `JUDGE_REPLY_INVALID`,
   * `JUDGE_BASELINE_MISSING`.
   * Deadline to expect: the backend's timeout per item plus queueing.
   */
  Annotate(argument: _metaapo_reward_v1_AnnotateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  Annotate(argument: _metaapo_reward_v1_AnnotateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  Annotate(argument: _metaapo_reward_v1_AnnotateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  Annotate(argument: _metaapo_reward_v1_AnnotateRequest, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Scores responses. A response that could not be scored carries a status and no score; a failure never becomes zero.
   * 
   * Idempotent: a request that carries a `request_id` is scored to its end even when its caller is gone, and one that
   * repeats it joins that work, or gets the reply that was given, at no further cost. A reply in which a response failed
   * for another reason than what was sent (`REWARD_BACKEND_TIMEOUT`, for instance), like a call that failed, is not kept:
   * a repetition after it is scored anew. Replies are kept for the last 1024 requests at most, and not beyond the
   * process. All scores of a reply come from one epoch: the one in service when the call was admitted, or the one that
   * the caller insists on, which answers while it is in service or warm. A swap in mid-call changes nothing for the call.
   * A request that is repeated after a promotion gets the reply that it had, provenance included.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`REQUEST_INVALID`), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`).
   * Errors of a response: `REWARD_NOT_FINITE`, `REWARD_BACKEND_FAILED`, `REWARD_BACKEND_TIMEOUT`, `RESPONSE_EMPTY`,
   * `TEXT_MALFORMED`, and of classifiers also `REWARD_INPUT_TOO_LONG`, `REWARD_INPUT_FAILED`, `CHAT_TEMPLATE_FAILED`,
   * `PROMPT_INVALID`, and of models behind other servers `REWARD_REMOTE_UNREACHABLE`, `REWARD_REMOTE_TIMEOUT`,
   * `REWARD_REMOTE_OVERLOADED`, `REWARD_REMOTE_FAILED`, `REWARD_REMOTE_NOT_READY`, `REWARD_REMOTE_REFUSED`,
   * `REWARD_REMOTE_REPLY_INVALID`, `REWARD_REMOTE_CHANGED`, and of judges `JUDGE_REFUSED`, `JUDGE_REPLY_INVALID`,
   * `JUDGE_BASELINE_MISSING`.
   * Deadline to expect: the backend's timeout per item plus queueing.
   */
  annotate(argument: _metaapo_reward_v1_AnnotateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  annotate(argument: _metaapo_reward_v1_AnnotateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  annotate(argument: _metaapo_reward_v1_AnnotateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  annotate(argument: _metaapo_reward_v1_AnnotateRequest, callback: grpc.requestCallback<_metaapo_reward_v1_AnnotateResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Describes one reward model: the one in service, or an earlier epoch that is still warm.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  GetRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  GetRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  GetRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  GetRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Describes one reward model: the one in service, or an earlier epoch that is still warm.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  getRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  getRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  getRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  getRewardModel(argument: _metaapo_reward_v1_GetRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists reward models by name.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  ListRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists reward models by name.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  listRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  listRewardModels(argument: _metaapo_reward_v1_ListRewardModelsRequest, callback: grpc.requestCallback<_metaapo_reward_v1_ListRewardModelsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Scores responses with named reward models.
 */
export interface RewardServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Scores responses. A response that could not be scored carries a status and no score; a failure never becomes zero.
   * 
   * Idempotent: a request that carries a `request_id` is scored to its end even when its caller is gone, and one that
   * repeats it joins that work, or gets the reply that was given, at no further cost. A reply in which a response failed
   * for another reason than what was sent (`REWARD_BACKEND_TIMEOUT`, for instance), like a call that failed, is not kept:
   * a repetition after it is scored anew. Replies are kept for the last 1024 requests at most, and not beyond the
   * process. All scores of a reply come from one epoch: the one in service when the call was admitted, or the one that
   * the caller insists on, which answers while it is in service or warm. A swap in mid-call changes nothing for the call.
   * A request that is repeated after a promotion gets the reply that it had, provenance included.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`REQUEST_INVALID`), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`).
   * Errors of a response: `REWARD_NOT_FINITE`, `REWARD_BACKEND_FAILED`, `REWARD_BACKEND_TIMEOUT`, `RESPONSE_EMPTY`,
   * `TEXT_MALFORMED`, and of classifiers also `REWARD_INPUT_TOO_LONG`, `REWARD_INPUT_FAILED`, `CHAT_TEMPLATE_FAILED`,
   * `PROMPT_INVALID`, and of models behind other servers `REWARD_REMOTE_UNREACHABLE`, `REWARD_REMOTE_TIMEOUT`,
   * `REWARD_REMOTE_OVERLOADED`, `REWARD_REMOTE_FAILED`, `REWARD_REMOTE_NOT_READY`, `REWARD_REMOTE_REFUSED`,
   * `REWARD_REMOTE_REPLY_INVALID`, `REWARD_REMOTE_CHANGED`, and of judges `JUDGE_REFUSED`, `JUDGE_REPLY_INVALID`,
   * `JUDGE_BASELINE_MISSING`.
   * Deadline to expect: the backend's timeout per item plus queueing.
   */
  Annotate: grpc.handleUnaryCall<_metaapo_reward_v1_AnnotateRequest__Output, _metaapo_reward_v1_AnnotateResponse>;
  
  /**
   * Describes one reward model: the one in service, or an earlier epoch that is still warm.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  GetRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_GetRewardModelRequest__Output, _metaapo_reward_v1_GetRewardModelResponse>;
  
  /**
   * Lists reward models by name.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListRewardModels: grpc.handleUnaryCall<_metaapo_reward_v1_ListRewardModelsRequest__Output, _metaapo_reward_v1_ListRewardModelsResponse>;
  
}

export interface RewardServiceDefinition extends grpc.ServiceDefinition {
  Annotate: MethodDefinition<_metaapo_reward_v1_AnnotateRequest, _metaapo_reward_v1_AnnotateResponse, _metaapo_reward_v1_AnnotateRequest__Output, _metaapo_reward_v1_AnnotateResponse__Output>
  GetRewardModel: MethodDefinition<_metaapo_reward_v1_GetRewardModelRequest, _metaapo_reward_v1_GetRewardModelResponse, _metaapo_reward_v1_GetRewardModelRequest__Output, _metaapo_reward_v1_GetRewardModelResponse__Output>
  ListRewardModels: MethodDefinition<_metaapo_reward_v1_ListRewardModelsRequest, _metaapo_reward_v1_ListRewardModelsResponse, _metaapo_reward_v1_ListRewardModelsRequest__Output, _metaapo_reward_v1_ListRewardModelsResponse__Output>
}
