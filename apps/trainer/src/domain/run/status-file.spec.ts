/** Goal: whoever looks at a run's directory sees how the run stands, and a process that lost the directory leaves it alone. */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Digest } from '#core';
import { HOLDER_FILE, encodeHolder, ownIdentity, readRun, type SeenRun } from '#run-directory';
import { parseRunConfig } from '#run-config';
import { TOY_CONFIG, temporaryFolder, toyRun, toyServices } from '../../testing/toy-run.js';
import { openRunDirectory } from './run-directory.js';
import type { ActiveRun } from './active-run.js';

const PRICED = ['budget.cost_per_annotation=0.5', 'budget.currency=EUR'];

async function seen(folder: string): Promise<SeenRun> {
  const run = await readRun(join(folder, 'run'));
  if (!run) throw new TypeError('no run is there');
  return run;
}

describe('the status of a run', () => {
  it('follows the run, and says for good how it ended', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    let running: ActiveRun | undefined;
    let annotateCount = 0;
    services.reward.beforeCall = () => {
      annotateCount += 1;
      if (annotateCount === 12) running?.cancel();
    };
    const stopped = await toyRun({ folder, services, overrides: PRICED, onStart: (run) => (running = run) });
    equal(stopped.state, 'cancelled');
    const first = await seen(folder);
    deepEqual([first.state, first.holder, first.status.annotations], ['cancelled', undefined, stopped.annotationCount]);
    deepEqual(first.status.cost, { amount: stopped.annotationCount * 0.5, currency: 'EUR' });
    deepEqual([first.status.iterations_done, first.status.iteration_count], [stopped.iterationsDone, 2]);

    const iterationsAtStart: number[] = [];
    const ended = await toyRun({ folder, onStart: (run) => iterationsAtStart.push(run.snapshot().iterationsDone) });
    deepEqual(iterationsAtStart, [stopped.iterationsDone], 'known before anything is replayed');
    const { state, status } = await seen(folder);
    deepEqual([state, status.iterations_done, status.adapter_digest], ['succeeded', 2, ended.adapterDigest]);
    equal(existsSync(join(folder, 'run', HOLDER_FILE)), false);
  });

  it('says why a run failed', async () => {
    const folder = temporaryFolder();
    const services = toyServices();
    services.reward.isBroken = () => true;
    await toyRun({ folder, services });
    const { state, status } = await seen(folder);
    deepEqual([state, status.failure?.reason], ['failed', 'PHASE_FAILED']);
  });

  it('is left to the process that has taken the directory', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const folder = temporaryFolder();
    const path = join(folder, 'run');
    const usurper = { ...ownIdentity(), host: 'pod-2', machine: 'another', since: '2026', address: '', beat: 0 };
    const ended = await toyRun({
      folder,
      onStart: () => {
        writeFileSync(join(path, HOLDER_FILE), encodeHolder(usurper));
        writeFileSync(join(path, 'status.json'), 'theirs');
        t.mock.timers.tick(5_000);
      },
    });
    deepEqual([ended.state, ended.failure?.reason], ['failed', 'RUN_DIRECTORY_BUSY']);
    match(ended.failure?.message ?? '', /in use by process \d+ on pod-2/);
    equal(readFileSync(join(path, 'status.json'), 'utf8'), 'theirs');
    match(readFileSync(join(path, HOLDER_FILE), 'utf8'), /pod-2/);
  });
});

describe('the configuration of a run', () => {
  it('is the same when a later version names it by another digest, unless the file was altered', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'run');
    const { digest, resolvedYaml } = parseRunConfig(TOY_CONFIG);
    // As a version wrote it that knew one setting less.
    const written = resolvedYaml.replace(/^preset: .*\n/m, '');
    const options = { newRunId: 'x', clock: systemClock, address: '' };
    const begun = { ...options, configDigest: 'sha256:earlier' as Digest, configYaml: written };
    const later = { ...options, configDigest: digest, configYaml: resolvedYaml };
    await (await openRunDirectory(path, begun)).close();
    writeFileSync(join(path, 'config.yaml'), written.replace('seed: 7', 'seed: 8'));
    await rejects(openRunDirectory(path, later), { code: 'RUN_CONFIG_CHANGED' });
    writeFileSync(join(path, 'config.yaml'), written);
    await (await openRunDirectory(path, later)).close();
    equal(readFileSync(join(path, 'config.yaml'), 'utf8'), resolvedYaml);
    await rejects(openRunDirectory(path, begun), { code: 'RUN_CONFIG_CHANGED' });
  });
});

describe('a run that has succeeded', () => {
  it('is known as finished while its outputs are there', async () => {
    const folder = temporaryFolder();
    const { adapterDigest } = await toyRun({ folder });
    const { digest, resolvedYaml } = parseRunConfig(TOY_CONFIG);
    const options = {
      newRunId: 'x',
      configDigest: digest as Digest,
      configYaml: resolvedYaml,
      clock: systemClock,
      address: '',
    };
    const finished = async (): Promise<string | undefined> => {
      const directory = await openRunDirectory(join(folder, 'run'), options);
      await directory.close();
      return directory.finished?.adapterDigest;
    };
    equal(await finished(), adapterDigest);
    rmSync(join(folder, 'run', 'adapter'), { recursive: true });
    equal(await finished(), undefined);
  });
});
