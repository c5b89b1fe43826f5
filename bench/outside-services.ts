/**
 * @file Which share of a demo run's wall time is spent while no service works? The trainer's own work: journal, artifacts,
 * optimizer, report. The rest, at least one call is under way.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationRoot } from '#core';
import { parseRunConfig } from '#run-config';
import type { Benchmark } from './benchmark.js';
import { busyMs } from './runs/call-spans.js';
import { recordedRun } from './runs/recorded-run.js';

const JOB = 'demo run';
const SHARE_MAX_PERCENT = 3;

export const outsideServices: Benchmark = async (_setting, { folder, say }) => {
  const baseDirectory = join(installationRoot(), 'configs', 'demo');
  if (!existsSync(join(baseDirectory, 'data', 'train.jsonl'))) {
    say('demo-run is left out: the demo has no data yet; `npm run demo` makes them');
    return [];
  }
  const yaml = readFileSync(join(baseDirectory, 'metaapo.yaml'), 'utf8');
  const { config, resolvedYaml } = parseRunConfig(yaml, { baseDirectory });
  const rewardModels = Object.fromEntries(
    Object.entries(config.rewards).map(([name, backend]) => {
      return [name, 'path' in backend ? { ...backend, path: join(baseDirectory, backend.path) } : backend];
    }),
  );
  say('a run of the demo, about two minutes');
  const { wallMs, spans } = await recordedRun({
    modelPath: join(baseDirectory, 'model'),
    replicas: 1,
    rewardModels,
    configYaml: resolvedYaml,
    baseDirectory,
    runDirectory: join(folder, 'demo'),
  });
  const name = 'share of the wall time outside services';
  const value = 100 * (1 - busyMs(spans) / wallMs);
  return [
    { job: JOB, name: 'wall time', value: wallMs / 1000, unit: 's' },
    { job: JOB, name, value, unit: '%', goal: { relation: 'at most', bound: SHARE_MAX_PERCENT } },
  ];
};
