/** @file The wire contract. Message types come by package: `#contracts/policy`, `#contracts/reward`, and so on. */
export { contract, protoFiles, protoRoot } from './load.js';
export type { ContractServices, ServiceName } from './services.js';
// Of the package `inference`, which is another project's, what its calls take and give.
export type {
  InferParameter,
  InferParameter__Output,
  ModelInferRequest__Output,
  ModelInferResponse,
  ModelMetadataRequest__Output,
  ModelMetadataResponse,
  ModelReadyRequest__Output,
  ModelReadyResponse,
  ServerLiveResponse,
  ServerMetadataResponse,
  ServerReadyResponse,
} from './gen/inference/index.js';
