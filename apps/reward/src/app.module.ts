/** @file Binds the reward models to the controllers, and closes their threads and the request cache when the service ends. */
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '#core';
import { count } from '#platform/telemetry';
import { Annotator } from './domain/annotator.js';
import { RepeatableAnnotator } from './domain/repeatable-annotator.js';
import { RewardRegistry } from './domain/reward-registry.js';
import { RewardAdminController } from './reward-admin.controller.js';
import { RewardController } from './reward.controller.js';
import type { RequestCache } from './storage/request-cache.js';

/** What the service holds open. */
class Holdings implements OnApplicationShutdown {
  constructor(
    private readonly registry: RewardRegistry,
    private readonly cache: RequestCache | undefined,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.registry.close();
    this.cache?.close();
  }
}

const countAnnotation = (rewardModel: string, outcome: string): void =>
  count('annotations', 1, { rewardModel, outcome });

@Module({})
export class AppModule {
  static register(registry: RewardRegistry, cache?: RequestCache): DynamicModule {
    const annotator = new Annotator({ registry, clock: systemClock, onAnnotation: countAnnotation, log: cache });
    return {
      module: AppModule,
      controllers: [RewardController, RewardAdminController],
      providers: [
        { provide: Holdings, useValue: new Holdings(registry, cache) },
        { provide: RewardRegistry, useValue: registry },
        { provide: RepeatableAnnotator, useValue: new RepeatableAnnotator(annotator) },
      ],
    };
  }
}
