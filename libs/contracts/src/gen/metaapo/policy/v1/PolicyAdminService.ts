// From proto/metaapo/policy/v1/policy.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DropAdapterRequest as _metaapo_policy_v1_DropAdapterRequest, DropAdapterRequest__Output as _metaapo_policy_v1_DropAdapterRequest__Output } from '../../../metaapo/policy/v1/DropAdapterRequest.js';
import type { DropAdapterResponse as _metaapo_policy_v1_DropAdapterResponse, DropAdapterResponse__Output as _metaapo_policy_v1_DropAdapterResponse__Output } from '../../../metaapo/policy/v1/DropAdapterResponse.js';
import type { ListAdaptersRequest as _metaapo_policy_v1_ListAdaptersRequest, ListAdaptersRequest__Output as _metaapo_policy_v1_ListAdaptersRequest__Output } from '../../../metaapo/policy/v1/ListAdaptersRequest.js';
import type { ListAdaptersResponse as _metaapo_policy_v1_ListAdaptersResponse, ListAdaptersResponse__Output as _metaapo_policy_v1_ListAdaptersResponse__Output } from '../../../metaapo/policy/v1/ListAdaptersResponse.js';
import type { PutAdapterRequest as _metaapo_policy_v1_PutAdapterRequest, PutAdapterRequest__Output as _metaapo_policy_v1_PutAdapterRequest__Output } from '../../../metaapo/policy/v1/PutAdapterRequest.js';
import type { PutAdapterResponse as _metaapo_policy_v1_PutAdapterResponse, PutAdapterResponse__Output as _metaapo_policy_v1_PutAdapterResponse__Output } from '../../../metaapo/policy/v1/PutAdapterResponse.js';

/**
 * Changes which adapters are resident. Served on a port of its own, so that a network policy can fence it.
 */
export interface PolicyAdminServiceClient extends grpc.Client {
  /**
   * Drops a resident adapter. Dropping one that is not resident succeeds. Units in flight finish with it.
   */
  DropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  DropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  DropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  DropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Drops a resident adapter. Dropping one that is not resident succeeds. Units in flight finish with it.
   */
  dropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  dropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  dropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  dropAdapter(argument: _metaapo_policy_v1_DropAdapterRequest, callback: grpc.requestCallback<_metaapo_policy_v1_DropAdapterResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lists resident adapters, most recently used first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  ListAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  ListAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  ListAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lists resident adapters, most recently used first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  listAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  listAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  listAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  listAdapters(argument: _metaapo_policy_v1_ListAdaptersRequest, callback: grpc.requestCallback<_metaapo_policy_v1_ListAdaptersResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Makes an adapter resident. The first message describes it, the others carry its tensors in chunks.
   * 
   * Idempotent: an adapter is named by the digest of its content. Evicts least recently used adapters when the cache is
   * full. Errors: INVALID_ARGUMENT (`ADAPTER_INVALID`, `ADAPTER_DIGEST_MISMATCH`, `TENSOR_SHAPE_MISMATCH`,
   * `TENSOR_DTYPE_UNSUPPORTED`), RESOURCE_EXHAUSTED (`ADAPTER_TOO_LARGE`).
   */
  PutAdapter(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  PutAdapter(metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  PutAdapter(options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  PutAdapter(callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  /**
   * Makes an adapter resident. The first message describes it, the others carry its tensors in chunks.
   * 
   * Idempotent: an adapter is named by the digest of its content. Evicts least recently used adapters when the cache is
   * full. Errors: INVALID_ARGUMENT (`ADAPTER_INVALID`, `ADAPTER_DIGEST_MISMATCH`, `TENSOR_SHAPE_MISMATCH`,
   * `TENSOR_DTYPE_UNSUPPORTED`), RESOURCE_EXHAUSTED (`ADAPTER_TOO_LARGE`).
   */
  putAdapter(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  putAdapter(metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  putAdapter(options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  putAdapter(callback: grpc.requestCallback<_metaapo_policy_v1_PutAdapterResponse__Output>): grpc.ClientWritableStream<_metaapo_policy_v1_PutAdapterRequest>;
  
}

/**
 * Changes which adapters are resident. Served on a port of its own, so that a network policy can fence it.
 */
export interface PolicyAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Drops a resident adapter. Dropping one that is not resident succeeds. Units in flight finish with it.
   */
  DropAdapter: grpc.handleUnaryCall<_metaapo_policy_v1_DropAdapterRequest__Output, _metaapo_policy_v1_DropAdapterResponse>;
  
  /**
   * Lists resident adapters, most recently used first.
   * 
   * Errors: INVALID_ARGUMENT (`PAGE_TOKEN_INVALID`).
   */
  ListAdapters: grpc.handleUnaryCall<_metaapo_policy_v1_ListAdaptersRequest__Output, _metaapo_policy_v1_ListAdaptersResponse>;
  
  /**
   * Makes an adapter resident. The first message describes it, the others carry its tensors in chunks.
   * 
   * Idempotent: an adapter is named by the digest of its content. Evicts least recently used adapters when the cache is
   * full. Errors: INVALID_ARGUMENT (`ADAPTER_INVALID`, `ADAPTER_DIGEST_MISMATCH`, `TENSOR_SHAPE_MISMATCH`,
   * `TENSOR_DTYPE_UNSUPPORTED`), RESOURCE_EXHAUSTED (`ADAPTER_TOO_LARGE`).
   */
  PutAdapter: grpc.handleClientStreamingCall<_metaapo_policy_v1_PutAdapterRequest__Output, _metaapo_policy_v1_PutAdapterResponse>;
  
}

export interface PolicyAdminServiceDefinition extends grpc.ServiceDefinition {
  DropAdapter: MethodDefinition<_metaapo_policy_v1_DropAdapterRequest, _metaapo_policy_v1_DropAdapterResponse, _metaapo_policy_v1_DropAdapterRequest__Output, _metaapo_policy_v1_DropAdapterResponse__Output>
  ListAdapters: MethodDefinition<_metaapo_policy_v1_ListAdaptersRequest, _metaapo_policy_v1_ListAdaptersResponse, _metaapo_policy_v1_ListAdaptersRequest__Output, _metaapo_policy_v1_ListAdaptersResponse__Output>
  PutAdapter: MethodDefinition<_metaapo_policy_v1_PutAdapterRequest, _metaapo_policy_v1_PutAdapterResponse, _metaapo_policy_v1_PutAdapterRequest__Output, _metaapo_policy_v1_PutAdapterResponse__Output>
}
