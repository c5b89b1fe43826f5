/** @file `inference.GRPCInferenceService`, the Open Inference Protocol, beside `RewardService` on the main port. */
import { Controller } from '@nestjs/common';
import type {
  ModelInferRequest__Output,
  ModelInferResponse,
  ModelMetadataRequest__Output,
  ModelMetadataResponse,
  ModelReadyRequest__Output,
  ModelReadyResponse,
  ServerLiveResponse,
  ServerMetadataResponse,
  ServerReadyResponse,
} from '#contracts';
import { installedVersion } from '#core';
import { Rpc, type CallContext } from '#platform/rpc';
import { requestIdOf } from '../facade-call.js';
import { OpenInference } from './open-inference.js';

const SERVICE = 'inference.GRPCInferenceService';

@Controller()
export class OpenInferenceController {
  constructor(private readonly openInference: OpenInference) {}

  @Rpc(SERVICE, 'ServerLive')
  serverLive(): ServerLiveResponse {
    return { live: true };
  }

  @Rpc(SERVICE, 'ServerReady')
  serverReady(): ServerReadyResponse {
    return { ready: true };
  }

  @Rpc(SERVICE, 'ModelReady')
  modelReady(request: ModelReadyRequest__Output): ModelReadyResponse {
    return { ready: this.openInference.isReady(request) };
  }

  @Rpc(SERVICE, 'ServerMetadata')
  serverMetadata(): ServerMetadataResponse {
    return this.openInference.serverMetadata(installedVersion());
  }

  @Rpc(SERVICE, 'ModelMetadata')
  modelMetadata(request: ModelMetadataRequest__Output): ModelMetadataResponse {
    return this.openInference.modelMetadata(request);
  }

  @Rpc(SERVICE, 'ModelInfer')
  modelInfer(request: ModelInferRequest__Output, { metadata, signal }: CallContext): Promise<ModelInferResponse> {
    return this.openInference.infer(request, { requestId: requestIdOf(metadata), signal });
  }
}
