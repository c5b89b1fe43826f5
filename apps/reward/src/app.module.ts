/** @file Binds the reward models to the controllers, and closes their threads when the service ends. */
import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { systemClock } from '#core';
import { count } from '#platform/telemetry';
import { Annotator } from './domain/annotator.js';
import { RepeatableAnnotator } from './domain/repeatable-annotator.js';
import { RewardRegistry } from './domain/reward-registry.js';
import { RewardAdminController } from './reward-admin.controller.js';
import { RewardController } from './reward.controller.js';

@Injectable()
class RegistryCloser implements OnApplicationShutdown {
  constructor(private readonly registry: RewardRegistry) {}

  async onApplicationShutdown(): Promise<void> {
    await this.registry.close();
  }
}

const countAnnotation = (rewardModel: string, outcome: string): void =>
  count('annotations', 1, { rewardModel, outcome });

@Module({})
export class AppModule {
  static register(registry: RewardRegistry): DynamicModule {
    return {
      module: AppModule,
      controllers: [RewardController, RewardAdminController],
      providers: [
        RegistryCloser,
        { provide: RewardRegistry, useValue: registry },
        {
          provide: RepeatableAnnotator,
          useFactory: () => new RepeatableAnnotator(new Annotator(registry, systemClock, countAnnotation)),
        },
      ],
    };
  }
}
