/** @file The trainer: drives alignment runs over the policy, reward and meta-learner services. */
import { runService } from '#platform/lifecycle'; // first: it installs telemetry before gRPC is loaded
import { AppModule } from './app.module.js';
import { trainerConfig } from './config.js';

await runService({
  name: 'trainer',
  config: () => trainerConfig(),
  module: (config, address) => AppModule.register(config, address),
  servers: () => [
    {
      services: ['metaapo.trainer.v1.TrainerService'],
      endlessMethods: ['/metaapo.trainer.v1.TrainerService/WatchTrainingRun'],
    },
  ],
});
