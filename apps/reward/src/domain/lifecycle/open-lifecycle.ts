/** @file Starts the reward models of the service with their lifecycle. */
import type { BackendSpec } from '../backends/backend-kinds.js';
import { RewardRegistry } from '../reward-registry.js';
import { Changes, type ChangeListener } from './changes.js';
import { modelLoader, type ModelLoader, type ModelLoaderOptions } from './model-loader.js';
import type { ServiceState, StateStore } from './name-state.js';
import { restoreAll, type RestoreOptions } from './restore.js';
import { RewardLifecycle, type RewardLifecycleOptions } from './reward-lifecycle.js';
import { Shadows, type ShadowsOptions } from './shadows.js';

export interface LifecycleOptions
  extends
    ModelLoaderOptions,
    Pick<RestoreOptions, 'changedModels' | 'warmModelsMax' | 'onLost'>,
    Pick<RewardLifecycleOptions, 'parseSpec' | 'limits' | 'serviceVersion'> {
  /** Absent: epochs and slots end with the process. */
  readonly store?: (StateStore & { read(): Promise<ServiceState> }) | undefined;
  /** How models are loaded. @default as their kinds say */
  readonly load?: ModelLoader | undefined;
  readonly onChange?: ChangeListener | undefined;
  readonly onShadowResponse?: ShadowsOptions['onResponse'];
}

/**
 * Loads all models: those that are remembered, and those that are configured.
 *
 * @throws RewardModelBrokenError, RewardModelChangedError, RewardStateUnusableError, after closing what was loaded
 */
export async function openLifecycle(
  specs: Readonly<Record<string, BackendSpec>>,
  options: LifecycleOptions,
): Promise<RewardLifecycle> {
  const { store, clock, serviceVersion, onChange, onShadowResponse, parseSpec, limits, warmModelsMax } = options;
  const { changedModels, onLost, load = modelLoader(options) } = options;
  const remembered = (await store?.read()) ?? new Map();
  const names = await restoreAll(specs, remembered, { load, changedModels, warmModelsMax, clock, onLost });
  const registry = new RewardRegistry(serviceVersion);
  const shadows = new Shadows({ clock, onResponse: onShadowResponse });
  const state = new Map([...remembered, ...names.map((one) => [one.state.slots.rewardModel, one.state] as const)]);
  for (const { models } of names) {
    registry.put(models);
    shadows.follow(models);
    onChange?.(models, []);
  }
  try {
    await store?.write(state);
  } catch (thrown) {
    await registry.close();
    throw thrown;
  }
  const followed: ChangeListener = (after, events) => {
    shadows.follow(after);
    onChange?.(after, events);
  };
  const changes = new Changes({ registry, state, store, onChange: followed });
  const isDurable = store !== undefined;
  return new RewardLifecycle({
    registry,
    changes,
    shadows,
    load,
    parseSpec,
    limits,
    warmModelsMax,
    serviceVersion,
    isDurable,
    clock,
  });
}
