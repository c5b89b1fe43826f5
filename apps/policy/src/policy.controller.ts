/** @file `metaapo.policy.v1.PolicyService` on the main port. */
import { Controller } from '@nestjs/common';
import type {
  ComputeGradientRequest__Output,
  ComputeGradientResponse,
  GenerateResponsesRequest__Output,
  GenerateResponsesResponse,
  GetPolicyResponse,
  ScoreResponsesRequest__Output,
  ScoreResponsesResponse,
} from '#contracts/policy';
import { Rpc, type CallContext } from '#platform/rpc';
import { Generation } from './generation/generation.js';
import { Gradients } from './gradient/gradients.js';
import { PolicyDescription } from './policy-description.js';
import { Scoring } from './scoring/scoring.js';

const SERVICE = 'metaapo.policy.v1.PolicyService';

@Controller()
export class PolicyController {
  constructor(
    private readonly description: PolicyDescription,
    private readonly scoring: Scoring,
    private readonly generation: Generation,
    private readonly gradients: Gradients,
  ) {}

  @Rpc(SERVICE, 'GetPolicy')
  getPolicy(): GetPolicyResponse {
    return this.description.describe();
  }

  @Rpc(SERVICE, 'ScoreResponses')
  scoreResponses(request: ScoreResponsesRequest__Output, call: CallContext): Promise<ScoreResponsesResponse> {
    return this.scoring.score(request, call);
  }

  @Rpc(SERVICE, 'GenerateResponses')
  generateResponses(
    request: GenerateResponsesRequest__Output,
    call: CallContext,
  ): AsyncIterable<GenerateResponsesResponse> {
    return this.generation.generate(request, call);
  }

  @Rpc(SERVICE, 'ComputeGradient')
  computeGradient(request: ComputeGradientRequest__Output, call: CallContext): AsyncIterable<ComputeGradientResponse> {
    return this.gradients.compute(request, call);
  }
}
