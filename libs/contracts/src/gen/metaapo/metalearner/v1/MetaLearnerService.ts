// From proto/metaapo/metalearner/v1/metalearner.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateMetaLearnerRequest as _metaapo_metalearner_v1_CreateMetaLearnerRequest, CreateMetaLearnerRequest__Output as _metaapo_metalearner_v1_CreateMetaLearnerRequest__Output } from '../../../metaapo/metalearner/v1/CreateMetaLearnerRequest.js';
import type { CreateMetaLearnerResponse as _metaapo_metalearner_v1_CreateMetaLearnerResponse, CreateMetaLearnerResponse__Output as _metaapo_metalearner_v1_CreateMetaLearnerResponse__Output } from '../../../metaapo/metalearner/v1/CreateMetaLearnerResponse.js';
import type { GateRequest as _metaapo_metalearner_v1_GateRequest, GateRequest__Output as _metaapo_metalearner_v1_GateRequest__Output } from '../../../metaapo/metalearner/v1/GateRequest.js';
import type { GateResponse as _metaapo_metalearner_v1_GateResponse, GateResponse__Output as _metaapo_metalearner_v1_GateResponse__Output } from '../../../metaapo/metalearner/v1/GateResponse.js';
import type { GetMetaLearnerRequest as _metaapo_metalearner_v1_GetMetaLearnerRequest, GetMetaLearnerRequest__Output as _metaapo_metalearner_v1_GetMetaLearnerRequest__Output } from '../../../metaapo/metalearner/v1/GetMetaLearnerRequest.js';
import type { GetMetaLearnerResponse as _metaapo_metalearner_v1_GetMetaLearnerResponse, GetMetaLearnerResponse__Output as _metaapo_metalearner_v1_GetMetaLearnerResponse__Output } from '../../../metaapo/metalearner/v1/GetMetaLearnerResponse.js';
import type { RestoreMetaLearnerRequest as _metaapo_metalearner_v1_RestoreMetaLearnerRequest, RestoreMetaLearnerRequest__Output as _metaapo_metalearner_v1_RestoreMetaLearnerRequest__Output } from '../../../metaapo/metalearner/v1/RestoreMetaLearnerRequest.js';
import type { RestoreMetaLearnerResponse as _metaapo_metalearner_v1_RestoreMetaLearnerResponse, RestoreMetaLearnerResponse__Output as _metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output } from '../../../metaapo/metalearner/v1/RestoreMetaLearnerResponse.js';
import type { UpdateMetaLearnerRequest as _metaapo_metalearner_v1_UpdateMetaLearnerRequest, UpdateMetaLearnerRequest__Output as _metaapo_metalearner_v1_UpdateMetaLearnerRequest__Output } from '../../../metaapo/metalearner/v1/UpdateMetaLearnerRequest.js';
import type { UpdateMetaLearnerResponse as _metaapo_metalearner_v1_UpdateMetaLearnerResponse, UpdateMetaLearnerResponse__Output as _metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output } from '../../../metaapo/metalearner/v1/UpdateMetaLearnerResponse.js';

/**
 * Holds one versioned meta-learner per run, of so many runs as it may; the run that was idle longest is unknown after that.
 */
export interface MetaLearnerServiceClient extends grpc.Client {
  /**
   * Creates the meta-learner of a run at version 0.
   * 
   * Idempotent for equal settings. Errors: ALREADY_EXISTS (`META_LEARNER_EXISTS`, other settings), INVALID_ARGUMENT
   * (`REQUEST_INVALID`).
   */
  CreateMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  CreateMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  CreateMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  CreateMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Creates the meta-learner of a run at version 0.
   * 
   * Idempotent for equal settings. Errors: ALREADY_EXISTS (`META_LEARNER_EXISTS`, other settings), INVALID_ARGUMENT
   * (`REQUEST_INVALID`).
   */
  createMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  createMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  createMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  createMetaLearner(argument: _metaapo_metalearner_v1_CreateMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Decides for each item whether it is sampled: the item is sampled when its draw u exceeds its weight w = h_phi(s).
   * The draw is a hash of (seed, iteration, item id), so it depends on nothing else.
   * 
   * Idempotent at one version. An item whose score is not a finite number of (-∞, 0] gets a status (`SCORE_NOT_FINITE`,
   * `SCORE_OUT_OF_RANGE`) and no decision. A state in the request decides in place of the one held here.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`REQUEST_INVALID`, `SNAPSHOT_INVALID`).
   */
  Gate(argument: _metaapo_metalearner_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  Gate(argument: _metaapo_metalearner_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  Gate(argument: _metaapo_metalearner_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  Gate(argument: _metaapo_metalearner_v1_GateRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Decides for each item whether it is sampled: the item is sampled when its draw u exceeds its weight w = h_phi(s).
   * The draw is a hash of (seed, iteration, item id), so it depends on nothing else.
   * 
   * Idempotent at one version. An item whose score is not a finite number of (-∞, 0] gets a status (`SCORE_NOT_FINITE`,
   * `SCORE_OUT_OF_RANGE`) and no decision. A state in the request decides in place of the one held here.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`REQUEST_INVALID`, `SNAPSHOT_INVALID`).
   */
  gate(argument: _metaapo_metalearner_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  gate(argument: _metaapo_metalearner_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  gate(argument: _metaapo_metalearner_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  gate(argument: _metaapo_metalearner_v1_GateRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_GateResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Returns the complete state with moments.
   * 
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`).
   */
  GetMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  GetMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  GetMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  GetMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Returns the complete state with moments.
   * 
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`).
   */
  getMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  getMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  getMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  getMetaLearner(argument: _metaapo_metalearner_v1_GetMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_GetMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts a complete state in place of the current one, whatever its version; creates the meta-learner where it is absent.
   * 
   * Idempotent. Errors: INVALID_ARGUMENT (`SNAPSHOT_INVALID`, `REQUEST_INVALID`).
   */
  RestoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  RestoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  RestoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  RestoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts a complete state in place of the current one, whatever its version; creates the meta-learner where it is absent.
   * 
   * Idempotent. Errors: INVALID_ARGUMENT (`SNAPSHOT_INVALID`, `REQUEST_INVALID`).
   */
  restoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  restoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  restoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  restoreMetaLearner(argument: _metaapo_metalearner_v1_RestoreMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Takes AdamW steps on the mean over the buffer of w ell_off + (1 - w) ell_on, negated (Eq. 6), and raises the version
   * by one.
   * 
   * Compare-and-set: `expected_version` must be the current version. Repeating a request id returns the first result.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`BUFFER_INVALID`, `REQUEST_INVALID`).
   */
  UpdateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  UpdateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  UpdateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  UpdateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes AdamW steps on the mean over the buffer of w ell_off + (1 - w) ell_on, negated (Eq. 6), and raises the version
   * by one.
   * 
   * Compare-and-set: `expected_version` must be the current version. Repeating a request id returns the first result.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`BUFFER_INVALID`, `REQUEST_INVALID`).
   */
  updateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  updateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  updateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  updateMetaLearner(argument: _metaapo_metalearner_v1_UpdateMetaLearnerRequest, callback: grpc.requestCallback<_metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Holds one versioned meta-learner per run, of so many runs as it may; the run that was idle longest is unknown after that.
 */
export interface MetaLearnerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Creates the meta-learner of a run at version 0.
   * 
   * Idempotent for equal settings. Errors: ALREADY_EXISTS (`META_LEARNER_EXISTS`, other settings), INVALID_ARGUMENT
   * (`REQUEST_INVALID`).
   */
  CreateMetaLearner: grpc.handleUnaryCall<_metaapo_metalearner_v1_CreateMetaLearnerRequest__Output, _metaapo_metalearner_v1_CreateMetaLearnerResponse>;
  
  /**
   * Decides for each item whether it is sampled: the item is sampled when its draw u exceeds its weight w = h_phi(s).
   * The draw is a hash of (seed, iteration, item id), so it depends on nothing else.
   * 
   * Idempotent at one version. An item whose score is not a finite number of (-∞, 0] gets a status (`SCORE_NOT_FINITE`,
   * `SCORE_OUT_OF_RANGE`) and no decision. A state in the request decides in place of the one held here.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`REQUEST_INVALID`, `SNAPSHOT_INVALID`).
   */
  Gate: grpc.handleUnaryCall<_metaapo_metalearner_v1_GateRequest__Output, _metaapo_metalearner_v1_GateResponse>;
  
  /**
   * Returns the complete state with moments.
   * 
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`).
   */
  GetMetaLearner: grpc.handleUnaryCall<_metaapo_metalearner_v1_GetMetaLearnerRequest__Output, _metaapo_metalearner_v1_GetMetaLearnerResponse>;
  
  /**
   * Puts a complete state in place of the current one, whatever its version; creates the meta-learner where it is absent.
   * 
   * Idempotent. Errors: INVALID_ARGUMENT (`SNAPSHOT_INVALID`, `REQUEST_INVALID`).
   */
  RestoreMetaLearner: grpc.handleUnaryCall<_metaapo_metalearner_v1_RestoreMetaLearnerRequest__Output, _metaapo_metalearner_v1_RestoreMetaLearnerResponse>;
  
  /**
   * Takes AdamW steps on the mean over the buffer of w ell_off + (1 - w) ell_on, negated (Eq. 6), and raises the version
   * by one.
   * 
   * Compare-and-set: `expected_version` must be the current version. Repeating a request id returns the first result.
   * Errors: NOT_FOUND (`META_LEARNER_UNKNOWN`), ABORTED (`META_LEARNER_VERSION_STALE`), INVALID_ARGUMENT
   * (`BUFFER_INVALID`, `REQUEST_INVALID`).
   */
  UpdateMetaLearner: grpc.handleUnaryCall<_metaapo_metalearner_v1_UpdateMetaLearnerRequest__Output, _metaapo_metalearner_v1_UpdateMetaLearnerResponse>;
  
}

export interface MetaLearnerServiceDefinition extends grpc.ServiceDefinition {
  CreateMetaLearner: MethodDefinition<_metaapo_metalearner_v1_CreateMetaLearnerRequest, _metaapo_metalearner_v1_CreateMetaLearnerResponse, _metaapo_metalearner_v1_CreateMetaLearnerRequest__Output, _metaapo_metalearner_v1_CreateMetaLearnerResponse__Output>
  Gate: MethodDefinition<_metaapo_metalearner_v1_GateRequest, _metaapo_metalearner_v1_GateResponse, _metaapo_metalearner_v1_GateRequest__Output, _metaapo_metalearner_v1_GateResponse__Output>
  GetMetaLearner: MethodDefinition<_metaapo_metalearner_v1_GetMetaLearnerRequest, _metaapo_metalearner_v1_GetMetaLearnerResponse, _metaapo_metalearner_v1_GetMetaLearnerRequest__Output, _metaapo_metalearner_v1_GetMetaLearnerResponse__Output>
  RestoreMetaLearner: MethodDefinition<_metaapo_metalearner_v1_RestoreMetaLearnerRequest, _metaapo_metalearner_v1_RestoreMetaLearnerResponse, _metaapo_metalearner_v1_RestoreMetaLearnerRequest__Output, _metaapo_metalearner_v1_RestoreMetaLearnerResponse__Output>
  UpdateMetaLearner: MethodDefinition<_metaapo_metalearner_v1_UpdateMetaLearnerRequest, _metaapo_metalearner_v1_UpdateMetaLearnerResponse, _metaapo_metalearner_v1_UpdateMetaLearnerRequest__Output, _metaapo_metalearner_v1_UpdateMetaLearnerResponse__Output>
}
