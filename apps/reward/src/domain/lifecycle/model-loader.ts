/** @file Loads the models of all names alike: same limits, same clock. */
import { startBackend, type BackendContext, type BackendSpec } from '../backends/backend-kinds.js';
import { LoadedModel } from '../loaded-model.js';

export interface ModelLoaderOptions extends Omit<BackendContext, 'rewardModel'> {
  /** Most responses waiting for one model. */
  readonly queueResponsesMax: number;
}

/** @throws RewardModelBrokenError (`REWARD_MODEL_BROKEN`) */
export type ModelLoader = (rewardModel: string, spec: BackendSpec) => Promise<LoadedModel>;

export function modelLoader(options: ModelLoaderOptions): ModelLoader {
  const { queueResponsesMax, timeoutMs, loadTimeoutMs, batching, clock } = options;
  return async (rewardModel, spec) => {
    const backend = await startBackend(spec, { rewardModel, timeoutMs, loadTimeoutMs, batching, clock });
    return new LoadedModel({ rewardModel, spec, backend, queueResponsesMax });
  };
}
