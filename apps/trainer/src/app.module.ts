/** @file Binds the runs, and the services they lean on, to the controller. */
import { Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { AppError, installedVersion, systemClock } from '#core';
import { resolveModel } from '#ml/hub';
import { JsonLog } from '#platform/lifecycle';
import type { TrainerConfig } from './config.js';
import { TrainingRuns } from './runs/training-runs.js';
import { openServices } from './services/open-services.js';
import { openServiceTls } from './services/service-tls.js';
import { telemetryObserver } from './services/telemetry-observer.js';
import { TrainerController } from './trainer.controller.js';

@Module({})
export class AppModule implements OnModuleDestroy {
  constructor(private readonly runs: TrainingRuns) {}

  /** `address` tells where the service listens, once it does. */
  static register(config: TrainerConfig, address: () => string): DynamicModule {
    const log = new JsonLog('trainer');
    const tls = openServiceTls(config);
    const onError = (runId: string, error: unknown): void => {
      const isNamed = error instanceof AppError;
      log.error(isNamed ? `${error.code}: ${error.message}` : error, { runId }, 'run');
    };
    const runs = new TrainingRuns({
      runsMax: config.runsMax,
      stopTimeoutMs: config.drainTimeoutMs,
      openServices: () => openServices(config, tls),
      locateModel: (model, options) =>
        resolveModel(model, { ...options, hub: config, say: (line) => log.log(line, 'hub') }),
      clock: systemClock,
      observer: telemetryObserver,
      serviceVersion: installedVersion(),
      address,
      onError,
    });
    return {
      module: AppModule,
      controllers: [TrainerController],
      providers: [{ provide: TrainingRuns, useValue: runs }],
    };
  }

  /** The ports are closed by now; runs stop after the units in flight and can be started again. */
  async onModuleDestroy(): Promise<void> {
    await this.runs.close();
  }
}
