/** @file For tests: reward modules written to a folder of their own, and registries made of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { systemClock } from '#core';
import type { BackendSpec } from '../domain/backends/backend-kinds.js';
import { openLifecycle, type LifecycleOptions } from '../domain/lifecycle/open-lifecycle.js';
import type { RewardLifecycle } from '../domain/lifecycle/reward-lifecycle.js';
import type { RewardRegistry } from '../domain/reward-registry.js';
import { parseBackendSpec } from '../parse-backend-spec.js';

/** A module with one behaviour per response text; every other text is worth its length. */
export const MOODY_MODULE = `
  export async function score({ prompt, response, truncated }, { signal }) {
    switch (response) {
      case 'throw': throw new TypeError('no reward today');
      case 'hang': return new Promise(() => {});
      case 'block': for (;;);
      case 'exit': process.exit(3);
      case 'hang until aborted':
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      case 'nan': return NaN;
      case 'infinite part': return { score: 1, components: { part: Infinity } };
      case 'text': return 'a text';
      case 'prompt': return { score: prompt.messages.length, components: { chars: prompt.text.length, cut: Number(truncated) } };
      default: return response.length;
    }
  }`;

/** Writes a module into a folder that goes away after the tests; returns its absolute path. */
export function moduleFile(source: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'reward-module-'));
  after(() => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'reward.mjs');
  writeFileSync(path, source);
  return path;
}

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
