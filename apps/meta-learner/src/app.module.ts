/** @file Binds the registry of runs, on the TensorFlow.js that was loaded, to the controller. */
import { Module, type DynamicModule } from '@nestjs/common';
import { RunRegistry, type RunRegistryLimits } from './domain/run-registry.js';
import type { LoadedTensorFlow } from './domain/tensorflow.js';
import { MetaLearnerController } from './meta-learner.controller.js';
import { BACKEND_NAME } from './meta-learner.tokens.js';

@Module({})
export class AppModule {
  static register({ tf, backend }: LoadedTensorFlow, limits: RunRegistryLimits): DynamicModule {
    return {
      module: AppModule,
      controllers: [MetaLearnerController],
      providers: [
        { provide: RunRegistry, useFactory: () => new RunRegistry(tf, limits) },
        { provide: BACKEND_NAME, useValue: backend },
      ],
    };
  }
}
