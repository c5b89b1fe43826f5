/** @file For tests: reward models with their lifecycle, or as a registry that nobody changes. */
import { after } from 'node:test';
import { systemClock } from '#core';
import type { BackendSpec } from '../domain/backends/backend-kinds.js';
import { openLifecycle, type LifecycleOptions } from '../domain/lifecycle/open-lifecycle.js';
import type { RewardLifecycle } from '../domain/lifecycle/reward-lifecycle.js';
import type { RewardRegistry } from '../domain/reward-registry.js';
import { parseBackendSpec } from '../parse-backend-spec.js';

/** Starts models with their lifecycle, which are closed after the tests. */
export async function lifecycleOf(
  specs: Readonly<Record<string, BackendSpec>>,
  options: Partial<LifecycleOptions> = {},
): Promise<RewardLifecycle> {
  const lifecycle = await openLifecycle(specs, {
    timeoutMs: 60_000,
    loadTimeoutMs: 60_000,
    queueResponsesMax: 100,
    serviceVersion: '0.0.0-test',
    clock: systemClock,
    parseSpec: parseBackendSpec,
    limits: {},
    warmModelsMax: 2,
    changedModels: 'refuse',
    ...options,
  });
  after(() => lifecycle.close());
  return lifecycle;
}

/** The models of a lifecycle that nobody changes. */
export async function registryOf(
  specs: Readonly<Record<string, BackendSpec>>,
  options: Partial<LifecycleOptions> = {},
): Promise<RewardRegistry> {
  return (await lifecycleOf(specs, options)).registry;
}
