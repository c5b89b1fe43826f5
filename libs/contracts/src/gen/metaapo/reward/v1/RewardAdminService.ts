// From proto/metaapo/reward/v1/reward.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetSwapReportRequest as _metaapo_reward_v1_GetSwapReportRequest, GetSwapReportRequest__Output as _metaapo_reward_v1_GetSwapReportRequest__Output } from '../../../metaapo/reward/v1/GetSwapReportRequest.js';
import type { GetSwapReportResponse as _metaapo_reward_v1_GetSwapReportResponse, GetSwapReportResponse__Output as _metaapo_reward_v1_GetSwapReportResponse__Output } from '../../../metaapo/reward/v1/GetSwapReportResponse.js';
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
 */
export interface RewardAdminServiceClient extends grpc.Client {
  /**
   * Compares the staged model with the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  GetSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Compares the staged model with the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  getSwapReport(argument: _metaapo_reward_v1_GetSwapReportRequest, callback: grpc.requestCallback<_metaapo_reward_v1_GetSwapReportResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts the staged model into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  PromoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts the staged model into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  promoteRewardModel(argument: _metaapo_reward_v1_PromoteRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_PromoteRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Removes a reward model.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RetireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Removes a reward model.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  retireRewardModel(argument: _metaapo_reward_v1_RetireRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RetireRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Puts the previous model back into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  RollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Puts the previous model back into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  rollbackRewardModel(argument: _metaapo_reward_v1_RollbackRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_RollbackRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Loads a model beside the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  StageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Loads a model beside the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  stageRewardModel(argument: _metaapo_reward_v1_StageRewardModelRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StageRewardModelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Lets the staged model score live traffic in the shadow of the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  StartShadow(argument: _metaapo_reward_v1_StartShadowRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Lets the staged model score live traffic in the shadow of the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  startShadow(argument: _metaapo_reward_v1_StartShadowRequest, callback: grpc.requestCallback<_metaapo_reward_v1_StartShadowResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Changes which model stands behind a name. Served on a port of its own, so that a network policy can fence it.
 */
export interface RewardAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Compares the staged model with the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  GetSwapReport: grpc.handleUnaryCall<_metaapo_reward_v1_GetSwapReportRequest__Output, _metaapo_reward_v1_GetSwapReportResponse>;
  
  /**
   * Puts the staged model into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  PromoteRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_PromoteRewardModelRequest__Output, _metaapo_reward_v1_PromoteRewardModelResponse>;
  
  /**
   * Removes a reward model.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  RetireRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_RetireRewardModelRequest__Output, _metaapo_reward_v1_RetireRewardModelResponse>;
  
  /**
   * Puts the previous model back into service under the next epoch.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  RollbackRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_RollbackRewardModelRequest__Output, _metaapo_reward_v1_RollbackRewardModelResponse>;
  
  /**
   * Loads a model beside the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  StageRewardModel: grpc.handleUnaryCall<_metaapo_reward_v1_StageRewardModelRequest__Output, _metaapo_reward_v1_StageRewardModelResponse>;
  
  /**
   * Lets the staged model score live traffic in the shadow of the one in service.
   * 
   * Not served yet: answers UNIMPLEMENTED.
   */
  StartShadow: grpc.handleUnaryCall<_metaapo_reward_v1_StartShadowRequest__Output, _metaapo_reward_v1_StartShadowResponse>;
  
}

export interface RewardAdminServiceDefinition extends grpc.ServiceDefinition {
  GetSwapReport: MethodDefinition<_metaapo_reward_v1_GetSwapReportRequest, _metaapo_reward_v1_GetSwapReportResponse, _metaapo_reward_v1_GetSwapReportRequest__Output, _metaapo_reward_v1_GetSwapReportResponse__Output>
  PromoteRewardModel: MethodDefinition<_metaapo_reward_v1_PromoteRewardModelRequest, _metaapo_reward_v1_PromoteRewardModelResponse, _metaapo_reward_v1_PromoteRewardModelRequest__Output, _metaapo_reward_v1_PromoteRewardModelResponse__Output>
  RetireRewardModel: MethodDefinition<_metaapo_reward_v1_RetireRewardModelRequest, _metaapo_reward_v1_RetireRewardModelResponse, _metaapo_reward_v1_RetireRewardModelRequest__Output, _metaapo_reward_v1_RetireRewardModelResponse__Output>
  RollbackRewardModel: MethodDefinition<_metaapo_reward_v1_RollbackRewardModelRequest, _metaapo_reward_v1_RollbackRewardModelResponse, _metaapo_reward_v1_RollbackRewardModelRequest__Output, _metaapo_reward_v1_RollbackRewardModelResponse__Output>
  StageRewardModel: MethodDefinition<_metaapo_reward_v1_StageRewardModelRequest, _metaapo_reward_v1_StageRewardModelResponse, _metaapo_reward_v1_StageRewardModelRequest__Output, _metaapo_reward_v1_StageRewardModelResponse__Output>
  StartShadow: MethodDefinition<_metaapo_reward_v1_StartShadowRequest, _metaapo_reward_v1_StartShadowResponse, _metaapo_reward_v1_StartShadowRequest__Output, _metaapo_reward_v1_StartShadowResponse__Output>
}
