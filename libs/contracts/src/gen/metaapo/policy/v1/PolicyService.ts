// From proto/metaapo/policy/v1/policy.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ComputeGradientRequest as _metaapo_policy_v1_ComputeGradientRequest, ComputeGradientRequest__Output as _metaapo_policy_v1_ComputeGradientRequest__Output } from '../../../metaapo/policy/v1/ComputeGradientRequest.js';
import type { ComputeGradientResponse as _metaapo_policy_v1_ComputeGradientResponse, ComputeGradientResponse__Output as _metaapo_policy_v1_ComputeGradientResponse__Output } from '../../../metaapo/policy/v1/ComputeGradientResponse.js';
import type { GenerateResponsesRequest as _metaapo_policy_v1_GenerateResponsesRequest, GenerateResponsesRequest__Output as _metaapo_policy_v1_GenerateResponsesRequest__Output } from '../../../metaapo/policy/v1/GenerateResponsesRequest.js';
import type { GenerateResponsesResponse as _metaapo_policy_v1_GenerateResponsesResponse, GenerateResponsesResponse__Output as _metaapo_policy_v1_GenerateResponsesResponse__Output } from '../../../metaapo/policy/v1/GenerateResponsesResponse.js';
import type { GetPolicyRequest as _metaapo_policy_v1_GetPolicyRequest, GetPolicyRequest__Output as _metaapo_policy_v1_GetPolicyRequest__Output } from '../../../metaapo/policy/v1/GetPolicyRequest.js';
import type { GetPolicyResponse as _metaapo_policy_v1_GetPolicyResponse, GetPolicyResponse__Output as _metaapo_policy_v1_GetPolicyResponse__Output } from '../../../metaapo/policy/v1/GetPolicyResponse.js';
import type { ScoreResponsesRequest as _metaapo_policy_v1_ScoreResponsesRequest, ScoreResponsesRequest__Output as _metaapo_policy_v1_ScoreResponsesRequest__Output } from '../../../metaapo/policy/v1/ScoreResponsesRequest.js';
import type { ScoreResponsesResponse as _metaapo_policy_v1_ScoreResponsesResponse, ScoreResponsesResponse__Output as _metaapo_policy_v1_ScoreResponsesResponse__Output } from '../../../metaapo/policy/v1/ScoreResponsesResponse.js';

/**
 * Scores responses, generates them, and computes gradients of preference losses. Stateless between calls: everything a
 * unit of work depends on is in its request or named by digest.
 */
export interface PolicyServiceClient extends grpc.Client {
  /**
   * Computes the meta-weighted preference loss over the items and its gradient, summed over items, with respect to the
   * trainable tensors of the policy.
   * 
   * Streams first a summary with per-item statistics, then the gradient tensors in chunks. One call is one unit of work.
   * The weight w = h_phi(s) is computed from the live policy inside the same forward pass and carries no gradient
   * (MetaAPO, arXiv 2509.23371, Eq. 5).
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`OBJECTIVE_INVALID`), FAILED_PRECONDITION
   * (`POLICY_NOT_TRAINABLE`), INTERNAL (`GRADIENT_NOT_FINITE`).
   */
  ComputeGradient(argument: _metaapo_policy_v1_ComputeGradientRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_ComputeGradientResponse__Output>;
  ComputeGradient(argument: _metaapo_policy_v1_ComputeGradientRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_ComputeGradientResponse__Output>;
  /**
   * Computes the meta-weighted preference loss over the items and its gradient, summed over items, with respect to the
   * trainable tensors of the policy.
   * 
   * Streams first a summary with per-item statistics, then the gradient tensors in chunks. One call is one unit of work.
   * The weight w = h_phi(s) is computed from the live policy inside the same forward pass and carries no gradient
   * (MetaAPO, arXiv 2509.23371, Eq. 5).
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`OBJECTIVE_INVALID`), FAILED_PRECONDITION
   * (`POLICY_NOT_TRAINABLE`), INTERNAL (`GRADIENT_NOT_FINITE`).
   */
  computeGradient(argument: _metaapo_policy_v1_ComputeGradientRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_ComputeGradientResponse__Output>;
  computeGradient(argument: _metaapo_policy_v1_ComputeGradientRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_ComputeGradientResponse__Output>;
  
  /**
   * Samples responses and streams each one as it finishes; the last message carries usage and timing.
   * 
   * One call is one unit of work. A sample depends only on its item's seed, its index, the prompt, the policy, the
   * sampling settings and the composition of the unit. Cancelling stops computing within one decode step.
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`SAMPLING_INVALID`).
   * Errors of an item: as `ScoreResponses`.
   */
  GenerateResponses(argument: _metaapo_policy_v1_GenerateResponsesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_GenerateResponsesResponse__Output>;
  GenerateResponses(argument: _metaapo_policy_v1_GenerateResponsesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_GenerateResponsesResponse__Output>;
  /**
   * Samples responses and streams each one as it finishes; the last message carries usage and timing.
   * 
   * One call is one unit of work. A sample depends only on its item's seed, its index, the prompt, the policy, the
   * sampling settings and the composition of the unit. Cancelling stops computing within one decode step.
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`SAMPLING_INVALID`).
   * Errors of an item: as `ScoreResponses`.
   */
  generateResponses(argument: _metaapo_policy_v1_GenerateResponsesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_GenerateResponsesResponse__Output>;
  generateResponses(argument: _metaapo_policy_v1_GenerateResponsesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_metaapo_policy_v1_GenerateResponsesResponse__Output>;
  
  /**
   * Describes the loaded base model, the engine and its limits.
   * 
   * Idempotent. Deadline to expect: 1 s.
   */
  GetPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  GetPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Describes the loaded base model, the engine and its limits.
   * 
   * Idempotent. Deadline to expect: 1 s.
   */
  getPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  getPolicy(argument: _metaapo_policy_v1_GetPolicyRequest, callback: grpc.requestCallback<_metaapo_policy_v1_GetPolicyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Computes log-probabilities of given responses under one or more policies.
   * 
   * One call is one unit of work: the items are computed as one batch. Idempotent; the same request gives the same bits
   * on the same kind of machine. Cancelling stops before the next forward pass.
   * Errors of the call: FAILED_PRECONDITION (`ADAPTER_NOT_RESIDENT`), INVALID_ARGUMENT (`REQUEST_INVALID`),
   * RESOURCE_EXHAUSTED (`QUEUE_FULL`, with RetryInfo), UNAVAILABLE (`DRAINING`).
   * Errors of an item: `PROMPT_INVALID`, `PROMPT_TOO_LONG`, `RESPONSE_EMPTY`, `TEXT_MALFORMED`, `TOKEN_OUT_OF_RANGE`,
   * `CHAT_TEMPLATE_MISSING`, `CHAT_TEMPLATE_FAILED`.
   */
  ScoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  ScoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  ScoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  ScoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Computes log-probabilities of given responses under one or more policies.
   * 
   * One call is one unit of work: the items are computed as one batch. Idempotent; the same request gives the same bits
   * on the same kind of machine. Cancelling stops before the next forward pass.
   * Errors of the call: FAILED_PRECONDITION (`ADAPTER_NOT_RESIDENT`), INVALID_ARGUMENT (`REQUEST_INVALID`),
   * RESOURCE_EXHAUSTED (`QUEUE_FULL`, with RetryInfo), UNAVAILABLE (`DRAINING`).
   * Errors of an item: `PROMPT_INVALID`, `PROMPT_TOO_LONG`, `RESPONSE_EMPTY`, `TEXT_MALFORMED`, `TOKEN_OUT_OF_RANGE`,
   * `CHAT_TEMPLATE_MISSING`, `CHAT_TEMPLATE_FAILED`.
   */
  scoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  scoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  scoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  scoreResponses(argument: _metaapo_policy_v1_ScoreResponsesRequest, callback: grpc.requestCallback<_metaapo_policy_v1_ScoreResponsesResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Scores responses, generates them, and computes gradients of preference losses. Stateless between calls: everything a
 * unit of work depends on is in its request or named by digest.
 */
export interface PolicyServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Computes the meta-weighted preference loss over the items and its gradient, summed over items, with respect to the
   * trainable tensors of the policy.
   * 
   * Streams first a summary with per-item statistics, then the gradient tensors in chunks. One call is one unit of work.
   * The weight w = h_phi(s) is computed from the live policy inside the same forward pass and carries no gradient
   * (MetaAPO, arXiv 2509.23371, Eq. 5).
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`OBJECTIVE_INVALID`), FAILED_PRECONDITION
   * (`POLICY_NOT_TRAINABLE`), INTERNAL (`GRADIENT_NOT_FINITE`).
   */
  ComputeGradient: grpc.handleServerStreamingCall<_metaapo_policy_v1_ComputeGradientRequest__Output, _metaapo_policy_v1_ComputeGradientResponse>;
  
  /**
   * Samples responses and streams each one as it finishes; the last message carries usage and timing.
   * 
   * One call is one unit of work. A sample depends only on its item's seed, its index, the prompt, the policy, the
   * sampling settings and the composition of the unit. Cancelling stops computing within one decode step.
   * Errors of the call: as `ScoreResponses`, and INVALID_ARGUMENT (`SAMPLING_INVALID`).
   * Errors of an item: as `ScoreResponses`.
   */
  GenerateResponses: grpc.handleServerStreamingCall<_metaapo_policy_v1_GenerateResponsesRequest__Output, _metaapo_policy_v1_GenerateResponsesResponse>;
  
  /**
   * Describes the loaded base model, the engine and its limits.
   * 
   * Idempotent. Deadline to expect: 1 s.
   */
  GetPolicy: grpc.handleUnaryCall<_metaapo_policy_v1_GetPolicyRequest__Output, _metaapo_policy_v1_GetPolicyResponse>;
  
  /**
   * Computes log-probabilities of given responses under one or more policies.
   * 
   * One call is one unit of work: the items are computed as one batch. Idempotent; the same request gives the same bits
   * on the same kind of machine. Cancelling stops before the next forward pass.
   * Errors of the call: FAILED_PRECONDITION (`ADAPTER_NOT_RESIDENT`), INVALID_ARGUMENT (`REQUEST_INVALID`),
   * RESOURCE_EXHAUSTED (`QUEUE_FULL`, with RetryInfo), UNAVAILABLE (`DRAINING`).
   * Errors of an item: `PROMPT_INVALID`, `PROMPT_TOO_LONG`, `RESPONSE_EMPTY`, `TEXT_MALFORMED`, `TOKEN_OUT_OF_RANGE`,
   * `CHAT_TEMPLATE_MISSING`, `CHAT_TEMPLATE_FAILED`.
   */
  ScoreResponses: grpc.handleUnaryCall<_metaapo_policy_v1_ScoreResponsesRequest__Output, _metaapo_policy_v1_ScoreResponsesResponse>;
  
}

export interface PolicyServiceDefinition extends grpc.ServiceDefinition {
  ComputeGradient: MethodDefinition<_metaapo_policy_v1_ComputeGradientRequest, _metaapo_policy_v1_ComputeGradientResponse, _metaapo_policy_v1_ComputeGradientRequest__Output, _metaapo_policy_v1_ComputeGradientResponse__Output>
  GenerateResponses: MethodDefinition<_metaapo_policy_v1_GenerateResponsesRequest, _metaapo_policy_v1_GenerateResponsesResponse, _metaapo_policy_v1_GenerateResponsesRequest__Output, _metaapo_policy_v1_GenerateResponsesResponse__Output>
  GetPolicy: MethodDefinition<_metaapo_policy_v1_GetPolicyRequest, _metaapo_policy_v1_GetPolicyResponse, _metaapo_policy_v1_GetPolicyRequest__Output, _metaapo_policy_v1_GetPolicyResponse__Output>
  ScoreResponses: MethodDefinition<_metaapo_policy_v1_ScoreResponsesRequest, _metaapo_policy_v1_ScoreResponsesResponse, _metaapo_policy_v1_ScoreResponsesRequest__Output, _metaapo_policy_v1_ScoreResponsesResponse__Output>
}
