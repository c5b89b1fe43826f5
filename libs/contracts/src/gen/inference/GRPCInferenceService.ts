// From proto/inference/open_inference.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ModelInferRequest as _inference_ModelInferRequest, ModelInferRequest__Output as _inference_ModelInferRequest__Output } from '../inference/ModelInferRequest.js';
import type { ModelInferResponse as _inference_ModelInferResponse, ModelInferResponse__Output as _inference_ModelInferResponse__Output } from '../inference/ModelInferResponse.js';
import type { ModelMetadataRequest as _inference_ModelMetadataRequest, ModelMetadataRequest__Output as _inference_ModelMetadataRequest__Output } from '../inference/ModelMetadataRequest.js';
import type { ModelMetadataResponse as _inference_ModelMetadataResponse, ModelMetadataResponse__Output as _inference_ModelMetadataResponse__Output } from '../inference/ModelMetadataResponse.js';
import type { ModelReadyRequest as _inference_ModelReadyRequest, ModelReadyRequest__Output as _inference_ModelReadyRequest__Output } from '../inference/ModelReadyRequest.js';
import type { ModelReadyResponse as _inference_ModelReadyResponse, ModelReadyResponse__Output as _inference_ModelReadyResponse__Output } from '../inference/ModelReadyResponse.js';
import type { ServerLiveRequest as _inference_ServerLiveRequest, ServerLiveRequest__Output as _inference_ServerLiveRequest__Output } from '../inference/ServerLiveRequest.js';
import type { ServerLiveResponse as _inference_ServerLiveResponse, ServerLiveResponse__Output as _inference_ServerLiveResponse__Output } from '../inference/ServerLiveResponse.js';
import type { ServerMetadataRequest as _inference_ServerMetadataRequest, ServerMetadataRequest__Output as _inference_ServerMetadataRequest__Output } from '../inference/ServerMetadataRequest.js';
import type { ServerMetadataResponse as _inference_ServerMetadataResponse, ServerMetadataResponse__Output as _inference_ServerMetadataResponse__Output } from '../inference/ServerMetadataResponse.js';
import type { ServerReadyRequest as _inference_ServerReadyRequest, ServerReadyRequest__Output as _inference_ServerReadyRequest__Output } from '../inference/ServerReadyRequest.js';
import type { ServerReadyResponse as _inference_ServerReadyResponse, ServerReadyResponse__Output as _inference_ServerReadyResponse__Output } from '../inference/ServerReadyResponse.js';

/**
 * Answers clients of the Open Inference Protocol. A model is a reward model, a version of it one of its epochs.
 */
export interface GRPCInferenceServiceClient extends grpc.Client {
  /**
   * Scores responses.
   * 
   * Inputs, all BYTES of UTF-8 text, of n elements each: `prompt` and `response`; or `conversation`, JSON lists of
   * messages {"role", "content"} whose last is the response; or `text`, prompt and response as one text rendered with
   * chat markers. Output: `score`, FP64 (FP32 when the parameter `score_datatype` says so), in the inputs' shape, as raw
   * contents when the inputs were raw.
   * A score that is missing is never a number: the call fails and names the items, unless the output `index` is asked for
   * by name. Then `score` and `index` (INT64, places in the inputs) hold the responses that were scored, and `status`
   * (BYTES, in the inputs' shape) has `OK` or the reason for each.
   * Idempotent under a metadata entry `idempotency-key` or `x-request-id`, as `RewardService.Annotate` is under its
   * `request_id`; the field `id` is given back and nothing else, for clients fill it with constants.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`TENSORS_INVALID`; `ITEMS_REFUSED`: items that cannot be scored as they were sent), INTERNAL
   * (`ITEMS_FAILED`: the model failed on items), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`). Deadline to expect: as for `RewardService.Annotate`.
   */
  ModelInfer(argument: _inference_ModelInferRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  ModelInfer(argument: _inference_ModelInferRequest, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Scores responses.
   * 
   * Inputs, all BYTES of UTF-8 text, of n elements each: `prompt` and `response`; or `conversation`, JSON lists of
   * messages {"role", "content"} whose last is the response; or `text`, prompt and response as one text rendered with
   * chat markers. Output: `score`, FP64 (FP32 when the parameter `score_datatype` says so), in the inputs' shape, as raw
   * contents when the inputs were raw.
   * A score that is missing is never a number: the call fails and names the items, unless the output `index` is asked for
   * by name. Then `score` and `index` (INT64, places in the inputs) hold the responses that were scored, and `status`
   * (BYTES, in the inputs' shape) has `OK` or the reason for each.
   * Idempotent under a metadata entry `idempotency-key` or `x-request-id`, as `RewardService.Annotate` is under its
   * `request_id`; the field `id` is given back and nothing else, for clients fill it with constants.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`TENSORS_INVALID`; `ITEMS_REFUSED`: items that cannot be scored as they were sent), INTERNAL
   * (`ITEMS_FAILED`: the model failed on items), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`). Deadline to expect: as for `RewardService.Annotate`.
   */
  modelInfer(argument: _inference_ModelInferRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  modelInfer(argument: _inference_ModelInferRequest, callback: grpc.requestCallback<_inference_ModelInferResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Describes a model: its tensors, and in `properties` what gives its scores.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  ModelMetadata(argument: _inference_ModelMetadataRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  ModelMetadata(argument: _inference_ModelMetadataRequest, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Describes a model: its tensors, and in `properties` what gives its scores.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  modelMetadata(argument: _inference_ModelMetadataRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  modelMetadata(argument: _inference_ModelMetadataRequest, callback: grpc.requestCallback<_inference_ModelMetadataResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells whether a model, or one version of it, is in service or warm. A model that is not there is not ready.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ModelReady(argument: _inference_ModelReadyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  ModelReady(argument: _inference_ModelReadyRequest, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells whether a model, or one version of it, is in service or warm. A model that is not there is not ready.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  modelReady(argument: _inference_ModelReadyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  modelReady(argument: _inference_ModelReadyRequest, callback: grpc.requestCallback<_inference_ModelReadyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells whether the server runs.
   * 
   * Errors: none of its own.
   */
  ServerLive(argument: _inference_ServerLiveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  ServerLive(argument: _inference_ServerLiveRequest, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells whether the server runs.
   * 
   * Errors: none of its own.
   */
  serverLive(argument: _inference_ServerLiveRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  serverLive(argument: _inference_ServerLiveRequest, callback: grpc.requestCallback<_inference_ServerLiveResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Describes the server.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ServerMetadata(argument: _inference_ServerMetadataRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  ServerMetadata(argument: _inference_ServerMetadataRequest, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Describes the server.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  serverMetadata(argument: _inference_ServerMetadataRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  serverMetadata(argument: _inference_ServerMetadataRequest, callback: grpc.requestCallback<_inference_ServerMetadataResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells whether the server takes inference requests.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ServerReady(argument: _inference_ServerReadyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  ServerReady(argument: _inference_ServerReadyRequest, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells whether the server takes inference requests.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  serverReady(argument: _inference_ServerReadyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  serverReady(argument: _inference_ServerReadyRequest, callback: grpc.requestCallback<_inference_ServerReadyResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Answers clients of the Open Inference Protocol. A model is a reward model, a version of it one of its epochs.
 */
export interface GRPCInferenceServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Scores responses.
   * 
   * Inputs, all BYTES of UTF-8 text, of n elements each: `prompt` and `response`; or `conversation`, JSON lists of
   * messages {"role", "content"} whose last is the response; or `text`, prompt and response as one text rendered with
   * chat markers. Output: `score`, FP64 (FP32 when the parameter `score_datatype` says so), in the inputs' shape, as raw
   * contents when the inputs were raw.
   * A score that is missing is never a number: the call fails and names the items, unless the output `index` is asked for
   * by name. Then `score` and `index` (INT64, places in the inputs) hold the responses that were scored, and `status`
   * (BYTES, in the inputs' shape) has `OK` or the reason for each.
   * Idempotent under a metadata entry `idempotency-key` or `x-request-id`, as `RewardService.Annotate` is under its
   * `request_id`; the field `id` is given back and nothing else, for clients fill it with constants.
   * Errors of the call: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`),
   * INVALID_ARGUMENT (`TENSORS_INVALID`; `ITEMS_REFUSED`: items that cannot be scored as they were sent), INTERNAL
   * (`ITEMS_FAILED`: the model failed on items), RESOURCE_EXHAUSTED (`QUEUE_FULL`, `REQUESTS_FULL`, with RetryInfo;
   * `CLIENT_BATCH_TOO_LARGE`), UNAVAILABLE (`DRAINING`). Deadline to expect: as for `RewardService.Annotate`.
   */
  ModelInfer: grpc.handleUnaryCall<_inference_ModelInferRequest__Output, _inference_ModelInferResponse>;
  
  /**
   * Describes a model: its tensors, and in `properties` what gives its scores.
   * 
   * Errors: NOT_FOUND (`REWARD_MODEL_UNKNOWN`), FAILED_PRECONDITION (`REWARD_EPOCH_MISMATCH`).
   */
  ModelMetadata: grpc.handleUnaryCall<_inference_ModelMetadataRequest__Output, _inference_ModelMetadataResponse>;
  
  /**
   * Tells whether a model, or one version of it, is in service or warm. A model that is not there is not ready.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ModelReady: grpc.handleUnaryCall<_inference_ModelReadyRequest__Output, _inference_ModelReadyResponse>;
  
  /**
   * Tells whether the server runs.
   * 
   * Errors: none of its own.
   */
  ServerLive: grpc.handleUnaryCall<_inference_ServerLiveRequest__Output, _inference_ServerLiveResponse>;
  
  /**
   * Describes the server.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ServerMetadata: grpc.handleUnaryCall<_inference_ServerMetadataRequest__Output, _inference_ServerMetadataResponse>;
  
  /**
   * Tells whether the server takes inference requests.
   * 
   * Errors: UNAVAILABLE (`DRAINING`).
   */
  ServerReady: grpc.handleUnaryCall<_inference_ServerReadyRequest__Output, _inference_ServerReadyResponse>;
  
}

export interface GRPCInferenceServiceDefinition extends grpc.ServiceDefinition {
  ModelInfer: MethodDefinition<_inference_ModelInferRequest, _inference_ModelInferResponse, _inference_ModelInferRequest__Output, _inference_ModelInferResponse__Output>
  ModelMetadata: MethodDefinition<_inference_ModelMetadataRequest, _inference_ModelMetadataResponse, _inference_ModelMetadataRequest__Output, _inference_ModelMetadataResponse__Output>
  ModelReady: MethodDefinition<_inference_ModelReadyRequest, _inference_ModelReadyResponse, _inference_ModelReadyRequest__Output, _inference_ModelReadyResponse__Output>
  ServerLive: MethodDefinition<_inference_ServerLiveRequest, _inference_ServerLiveResponse, _inference_ServerLiveRequest__Output, _inference_ServerLiveResponse__Output>
  ServerMetadata: MethodDefinition<_inference_ServerMetadataRequest, _inference_ServerMetadataResponse, _inference_ServerMetadataRequest__Output, _inference_ServerMetadataResponse__Output>
  ServerReady: MethodDefinition<_inference_ServerReadyRequest, _inference_ServerReadyResponse, _inference_ServerReadyRequest__Output, _inference_ServerReadyResponse__Output>
}
