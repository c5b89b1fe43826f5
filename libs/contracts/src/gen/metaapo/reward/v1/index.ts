// From proto/metaapo/reward/v1

export type { AnnotateItem, AnnotateItem__Output } from './AnnotateItem.js';
export type { AnnotateRequest, AnnotateRequest__Output } from './AnnotateRequest.js';
export type { AnnotateResponse, AnnotateResponse__Output } from './AnnotateResponse.js';
export type { AnnotatedItem, AnnotatedItem__Output } from './AnnotatedItem.js';
export type { Annotation, Annotation__Output } from './Annotation.js';
export type { GetRewardModelRequest, GetRewardModelRequest__Output } from './GetRewardModelRequest.js';
export type { GetRewardModelResponse, GetRewardModelResponse__Output } from './GetRewardModelResponse.js';
export type { GetSwapReportRequest, GetSwapReportRequest__Output } from './GetSwapReportRequest.js';
export type { GetSwapReportResponse, GetSwapReportResponse__Output } from './GetSwapReportResponse.js';
export type { ListRewardModelsRequest, ListRewardModelsRequest__Output } from './ListRewardModelsRequest.js';
export type { ListRewardModelsResponse, ListRewardModelsResponse__Output } from './ListRewardModelsResponse.js';
export type { PromoteRewardModelRequest, PromoteRewardModelRequest__Output } from './PromoteRewardModelRequest.js';
export type { PromoteRewardModelResponse, PromoteRewardModelResponse__Output } from './PromoteRewardModelResponse.js';
export type { Provenance, Provenance__Output } from './Provenance.js';
export type { RetireRewardModelRequest, RetireRewardModelRequest__Output } from './RetireRewardModelRequest.js';
export type { RetireRewardModelResponse, RetireRewardModelResponse__Output } from './RetireRewardModelResponse.js';
export type { RewardAdminServiceClient, RewardAdminServiceHandlers, RewardAdminServiceDefinition } from './RewardAdminService.js';
export type { RewardModel, RewardModel__Output } from './RewardModel.js';
export { RewardModelState, type RewardModelState__Output } from './RewardModelState.js';
export type { RewardServiceClient, RewardServiceHandlers, RewardServiceDefinition } from './RewardService.js';
export type { RollbackRewardModelRequest, RollbackRewardModelRequest__Output } from './RollbackRewardModelRequest.js';
export type { RollbackRewardModelResponse, RollbackRewardModelResponse__Output } from './RollbackRewardModelResponse.js';
export type { StageRewardModelRequest, StageRewardModelRequest__Output } from './StageRewardModelRequest.js';
export type { StageRewardModelResponse, StageRewardModelResponse__Output } from './StageRewardModelResponse.js';
export type { StartShadowRequest, StartShadowRequest__Output } from './StartShadowRequest.js';
export type { StartShadowResponse, StartShadowResponse__Output } from './StartShadowResponse.js';
