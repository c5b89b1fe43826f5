/** @file Binds the loaded model to the controllers, and ends its thread when the service ends. */
import { installedVersion } from '#core';
import { Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { PolicyEngine } from '#ml/engine';
import { AdapterStore } from './adapters/adapter-store.js';
import type { PolicyConfig } from './config.js';
import { Generation } from './generation/generation.js';
import { Gradients } from './gradient/gradients.js';
import { PolicyAdminController } from './policy-admin.controller.js';
import { PolicyDescription } from './policy-description.js';
import { PolicyController } from './policy.controller.js';
import { Scoring } from './scoring/scoring.js';
import type { UnitParts } from './units/unit-parts.js';

@Injectable()
class EngineCloser implements OnApplicationShutdown {
  constructor(private readonly engine: PolicyEngine) {}

  async onApplicationShutdown(): Promise<void> {
    await this.engine.dispose();
  }
}

@Module({})
export class AppModule {
  static register(parts: UnitParts, config: PolicyConfig): DynamicModule {
    const { engine, clock } = parts;
    const { messageBytesMax, queueUnitsMax, adapterCacheBytes: cacheBytesMax } = config;
    const described = { messageBytesMax, queueUnitsMax, serviceVersion: installedVersion() };
    return {
      module: AppModule,
      controllers: [PolicyController, PolicyAdminController],
      providers: [
        { provide: EngineCloser, useFactory: () => new EngineCloser(engine) },
        { provide: PolicyDescription, useFactory: () => new PolicyDescription(parts, described) },
        { provide: Scoring, useFactory: () => new Scoring(parts) },
        { provide: Generation, useFactory: () => new Generation(parts) },
        { provide: Gradients, useFactory: () => new Gradients(parts) },
        { provide: AdapterStore, useFactory: () => new AdapterStore({ engine, clock, cacheBytesMax }) },
      ],
    };
  }
}
