// From proto/metaapo/metalearner/v1

export type { BufferEntry, BufferEntry__Output } from './BufferEntry.js';
export type { CreateMetaLearnerRequest, CreateMetaLearnerRequest__Output } from './CreateMetaLearnerRequest.js';
export type { CreateMetaLearnerResponse, CreateMetaLearnerResponse__Output } from './CreateMetaLearnerResponse.js';
export type { GateDecision, GateDecision__Output } from './GateDecision.js';
export type { GateItem, GateItem__Output } from './GateItem.js';
export type { GateRequest, GateRequest__Output } from './GateRequest.js';
export type { GateResponse, GateResponse__Output } from './GateResponse.js';
export type { GetMetaLearnerRequest, GetMetaLearnerRequest__Output } from './GetMetaLearnerRequest.js';
export type { GetMetaLearnerResponse, GetMetaLearnerResponse__Output } from './GetMetaLearnerResponse.js';
export { InitKind, type InitKind__Output } from './InitKind.js';
export type { MetaLearnerServiceClient, MetaLearnerServiceHandlers, MetaLearnerServiceDefinition } from './MetaLearnerService.js';
export type { MetaLearnerSettings, MetaLearnerSettings__Output } from './MetaLearnerSettings.js';
export type { MetaLearnerState, MetaLearnerState__Output } from './MetaLearnerState.js';
export type { RestoreMetaLearnerRequest, RestoreMetaLearnerRequest__Output } from './RestoreMetaLearnerRequest.js';
export type { RestoreMetaLearnerResponse, RestoreMetaLearnerResponse__Output } from './RestoreMetaLearnerResponse.js';
export type { UpdateMetaLearnerRequest, UpdateMetaLearnerRequest__Output } from './UpdateMetaLearnerRequest.js';
export type { UpdateMetaLearnerResponse, UpdateMetaLearnerResponse__Output } from './UpdateMetaLearnerResponse.js';
