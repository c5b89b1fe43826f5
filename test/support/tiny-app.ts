/**
 * @file A real, tiny Nest application over services of the contract, for tests of the platform libraries.
 *
 * Its prompts are commands: what a handler does is decided by the test through `TinyBehaviour`.
 */
import 'reflect-metadata';
import { Controller, Module, type DynamicModule } from '@nestjs/common';
import type {
  GenerateResponsesRequest__Output,
  GenerateResponsesResponse,
  PutAdapterRequest__Output,
  PutAdapterResponse,
} from '#contracts/policy';
import type {
  AnnotateRequest__Output,
  AnnotateResponse,
  ListRewardModelsRequest__Output,
  ListRewardModelsResponse,
} from '#contracts/reward';
import type { WatchTrainingRunRequest__Output, WatchTrainingRunResponse } from '#contracts/trainer';
import { Rpc, startRpcApp, type CallContext, type RpcApp, type RpcServerOptions } from '#platform/rpc';

/** What the handlers do; a handler without behaviour answers with an empty message or stream. */
export class TinyBehaviour {
  annotate?: (request: AnnotateRequest__Output, context: CallContext) => Promise<AnnotateResponse>;
  listRewardModels?: (
    request: ListRewardModelsRequest__Output,
    context: CallContext,
  ) => Promise<ListRewardModelsResponse>;
  generate?: (
    request: GenerateResponsesRequest__Output,
    context: CallContext,
  ) => AsyncIterable<GenerateResponsesResponse>;
  putAdapter?: (
    requests: AsyncIterable<PutAdapterRequest__Output>,
    context: CallContext,
  ) => Promise<PutAdapterResponse>;
  watch?: (request: WatchTrainingRunRequest__Output, context: CallContext) => AsyncIterable<WatchTrainingRunResponse>;
}

@Controller()
class TinyController {
  constructor(private readonly behaviour: TinyBehaviour) {}

  @Rpc('metaapo.reward.v1.RewardService', 'Annotate')
  async annotate(request: AnnotateRequest__Output, context: CallContext): Promise<AnnotateResponse> {
    return (await this.behaviour.annotate?.(request, context)) ?? {};
  }

  @Rpc('metaapo.reward.v1.RewardService', 'ListRewardModels')
  async listRewardModels(
    request: ListRewardModelsRequest__Output,
    context: CallContext,
  ): Promise<ListRewardModelsResponse> {
    return (await this.behaviour.listRewardModels?.(request, context)) ?? {};
  }

  @Rpc('metaapo.policy.v1.PolicyService', 'GenerateResponses')
  async *generate(
    request: GenerateResponsesRequest__Output,
    context: CallContext,
  ): AsyncIterable<GenerateResponsesResponse> {
    if (this.behaviour.generate) yield* this.behaviour.generate(request, context);
  }

  @Rpc('metaapo.policy.v1.PolicyAdminService', 'PutAdapter')
  async putAdapter(
    requests: AsyncIterable<PutAdapterRequest__Output>,
    context: CallContext,
  ): Promise<PutAdapterResponse> {
    return (await this.behaviour.putAdapter?.(requests, context)) ?? {};
  }

  @Rpc('metaapo.trainer.v1.TrainerService', 'WatchTrainingRun')
  async *watch(
    request: WatchTrainingRunRequest__Output,
    context: CallContext,
  ): AsyncIterable<WatchTrainingRunResponse> {
    if (this.behaviour.watch) yield* this.behaviour.watch(request, context);
  }
}

@Module({})
class TinyModule {}

/** The root module of the tiny application. */
export function tinyModule(behaviour: TinyBehaviour): DynamicModule {
  return {
    module: TinyModule,
    controllers: [TinyController],
    providers: [{ provide: TinyBehaviour, useValue: behaviour }],
  };
}

/** Its two ports: everything on `main`, adapters on `admin`. */
export const TINY_PORTS = [
  {
    role: 'main',
    services: [
      'metaapo.reward.v1.RewardService',
      'metaapo.policy.v1.PolicyService',
      'metaapo.trainer.v1.TrainerService',
    ],
    endlessMethods: ['/metaapo.trainer.v1.TrainerService/WatchTrainingRun'],
  },
  { role: 'admin', services: ['metaapo.policy.v1.PolicyAdminService'] },
] as const satisfies readonly Omit<RpcServerOptions, 'address'>[];

/** Starts it on free ports of the loopback; `address` is the main port's. */
export function startTinyApp(
  behaviour: TinyBehaviour,
  { address = '127.0.0.1:0', ...limits }: Partial<Omit<RpcServerOptions, 'role' | 'services'>> = {},
): Promise<RpcApp> {
  const servers = TINY_PORTS.map((port) => ({
    ...port,
    ...limits,
    address: port.role === 'main' ? address : '127.0.0.1:0',
  }));
  return startRpcApp({ module: tinyModule(behaviour), servers });
}
