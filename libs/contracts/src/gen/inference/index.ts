// From proto/inference

export type { GRPCInferenceServiceClient, GRPCInferenceServiceHandlers, GRPCInferenceServiceDefinition } from './GRPCInferenceService.js';
export type { InferParameter, InferParameter__Output } from './InferParameter.js';
export type { InferTensorContents, InferTensorContents__Output } from './InferTensorContents.js';
export type { _inference_ModelInferRequest_InferInputTensor, _inference_ModelInferRequest_InferInputTensor__Output, _inference_ModelInferRequest_InferRequestedOutputTensor, _inference_ModelInferRequest_InferRequestedOutputTensor__Output, ModelInferRequest, ModelInferRequest__Output } from './ModelInferRequest.js';
export type { _inference_ModelInferResponse_InferOutputTensor, _inference_ModelInferResponse_InferOutputTensor__Output, ModelInferResponse, ModelInferResponse__Output } from './ModelInferResponse.js';
export type { ModelMetadataRequest, ModelMetadataRequest__Output } from './ModelMetadataRequest.js';
export type { _inference_ModelMetadataResponse_TensorMetadata, _inference_ModelMetadataResponse_TensorMetadata__Output, ModelMetadataResponse, ModelMetadataResponse__Output } from './ModelMetadataResponse.js';
export type { ModelReadyRequest, ModelReadyRequest__Output } from './ModelReadyRequest.js';
export type { ModelReadyResponse, ModelReadyResponse__Output } from './ModelReadyResponse.js';
export type { ServerLiveRequest, ServerLiveRequest__Output } from './ServerLiveRequest.js';
export type { ServerLiveResponse, ServerLiveResponse__Output } from './ServerLiveResponse.js';
export type { ServerMetadataRequest, ServerMetadataRequest__Output } from './ServerMetadataRequest.js';
export type { ServerMetadataResponse, ServerMetadataResponse__Output } from './ServerMetadataResponse.js';
export type { ServerReadyRequest, ServerReadyRequest__Output } from './ServerReadyRequest.js';
export type { ServerReadyResponse, ServerReadyResponse__Output } from './ServerReadyResponse.js';
