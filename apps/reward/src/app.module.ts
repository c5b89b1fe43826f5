/** @file Binds the reward models to the controllers, and closes their threads and the request cache when the service ends. */
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '#core';
import { count } from '#platform/telemetry';
import type { Admission } from './domain/admission.js';
import { Annotator } from './domain/annotator.js';
import { RewardLifecycle } from './domain/lifecycle/reward-lifecycle.js';
import { RepeatableAnnotator } from './domain/repeatable-annotator.js';
import { RewardRegistry } from './domain/reward-registry.js';
import { facadeProviders } from './facades/facade-providers.js';
import { OpenInferenceController } from './facades/open-inference/open-inference.controller.js';
import { RewardAdminController } from './reward-admin.controller.js';
import { RewardController } from './reward.controller.js';
import type { RequestCache } from './storage/request-cache.js';
import { timedAnnotator } from './timed-annotator.js';

/** What the service holds open. */
class Holdings implements OnApplicationShutdown {
  constructor(
    private readonly lifecycle: RewardLifecycle,
    private readonly cache: RequestCache | undefined,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.lifecycle.close();
    this.cache?.close();
  }
}

const countAnnotation = (rewardModel: string, outcome: string): void =>
  count('annotations', 1, { rewardModel, outcome });

@Module({})
export class AppModule {
  /**
   * Without `admission` calls have no limits but those of the ports and of each model's queue. `httpModel` is the reward model
   * that a request over HTTP means which names none.
   */
  static register(
    lifecycle: RewardLifecycle,
    cache?: RequestCache,
    admission?: Admission,
    httpModel?: string,
  ): DynamicModule {
    const { registry } = lifecycle;
    const annotator = new Annotator({
      registry,
      clock: systemClock,
      onAnnotation: countAnnotation,
      log: cache,
      observer: lifecycle,
    });
    const repeatable = new RepeatableAnnotator(timedAnnotator(annotator), { admission });
    const facades = facadeProviders({
      annotate: (call, signal) => repeatable.annotate(call, signal),
      checkBatch: (responseCount) => admission?.checkBatch(responseCount),
      provenanceOf: (rewardModel, epoch) => registry.find(rewardModel, epoch).provenance,
      rewardModels: () => registry.names(),
      defaultRewardModel: httpModel,
    });
    return {
      module: AppModule,
      controllers: [RewardController, RewardAdminController, OpenInferenceController],
      providers: [
        { provide: Holdings, useValue: new Holdings(lifecycle, cache) },
        { provide: RewardLifecycle, useValue: lifecycle },
        { provide: RewardRegistry, useValue: registry },
        { provide: RepeatableAnnotator, useValue: repeatable },
        ...facades,
      ],
    };
  }
}
