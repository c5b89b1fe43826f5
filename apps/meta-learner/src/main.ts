/** @file The meta-learner service: gates prompts and learns from what came of them, one versioned state per run. */
import { JsonLog, runService } from '#platform/lifecycle'; // first: it installs telemetry before gRPC is loaded
import { loadConfig } from '#platform/config';
import { AppModule } from './app.module.js';
import { META_LEARNER_VARIABLES } from './config.js';
import { loadTensorFlow } from './domain/tensorflow.js';

const NAME = 'meta-learner';

await runService({
  name: NAME,
  config: () => loadConfig(META_LEARNER_VARIABLES),
  module: async (config) => {
    const loaded = await loadTensorFlow(config.backend);
    const passedOver = loaded.passedOver.length > 0 ? ` (passed over ${loaded.passedOver.join('; ')})` : '';
    new JsonLog(NAME).log(`TensorFlow.js backend ${loaded.backend}${passedOver}`, 'tensorflow');
    return AppModule.register(loaded, config);
  },
  servers: () => [{ services: ['metaapo.metalearner.v1.MetaLearnerService'] }],
});
