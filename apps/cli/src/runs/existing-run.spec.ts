/** Goal: before anything is started, a run directory is told from everything that a run must not be put into. */
import { after, before, beforeEach, describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOLDER_FILE, STATUS_FILE, encodeHolder, encodeStatus, ownIdentity, type RunStatus } from '#run-directory';
import { existingRun, type ResumeWish } from './existing-run.js';
import { planRun, type RunPlan } from './run-plan.js';

const CONFIG = `
name: my run
model: { path: model }
data: { train: pairs.jsonl }
rewards: { vader: { backend: vader } }
reward: vader
algorithm: { iterations: 4, samples_per_prompt: 2 }
`;
const DATA = '{"prompt":"a","chosen":"b","rejected":"c"}\n';

describe('what a run directory holds', () => {
  let folder = '';
  let plan: RunPlan;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'metaapo-existing-'));
    writeFileSync(join(folder, 'run.yaml'), CONFIG);
  });
  beforeEach(async () => {
    writeFileSync(join(folder, 'pairs.jsonl'), DATA);
    rmSync(join(folder, 'run'), { recursive: true, force: true });
    plan = await planRun({ configPath: join(folder, 'run.yaml'), overrides: [], runDirectory: join(folder, 'run') });
  });
  after(() => rmSync(folder, { recursive: true }));

  function put(file: string, text: string): void {
    mkdirSync(plan.runDirectory, { recursive: true });
    writeFileSync(join(plan.runDirectory, file), text);
  }

  function putRun(changes: Partial<RunStatus> = {}): void {
    const { format: _, ...status } = {
      format: '',
      run_id: 'my-run-1',
      name: 'my run',
      state: 'running' as const,
      phase: 'train',
      iteration: 1,
      iterations_done: 1,
      iteration_count: 4,
      annotations: 7,
      annotations_ungated: 8,
      cost: null,
      optimizer_steps: 3,
      config_digest: plan.digest,
      inputs: { data: `sha256:${createHash('sha256').update(DATA).digest('hex')}` },
      adapter_digest: '',
      failure: null,
      create_time: '2026-01-02T03:04:05.000Z',
      update_time: '2026-01-02T03:05:05.000Z',
      end_time: null,
      ...changes,
    };
    put(STATUS_FILE, encodeStatus(status));
    put('config.yaml', plan.configYaml);
  }

  const kind = async (wish?: ResumeWish): Promise<string> => (await existingRun(plan, wish)).kind;

  it('is nothing, a run to go on with, or a finished one', async () => {
    equal(await kind(), 'none');
    put('run.lock', '');
    equal(await kind('fresh'), 'none', 'a start that was cut short');
    put('run.sqlite', '');
    equal(await kind(), 'unfinished', 'begun by a version that wrote no status');
    for (const state of ['running', 'cancelled', 'failed'] as const) {
      putRun({ state });
      deepEqual([await kind(), await kind('resume')], ['unfinished', 'unfinished']);
    }
    putRun({ state: 'succeeded' });
    equal(await kind(), 'finished');
  });

  it('is refused where it is no run, and left as it is', async () => {
    put('thesis.tex', 'years of work');
    await rejects(existingRun(plan, undefined), { code: 'USAGE', message: /found thesis\.tex in .+ and no run/ });
    deepEqual(readdirSync(plan.runDirectory), ['thesis.tex']);
    const inFile = { ...plan, runDirectory: join(folder, 'run.yaml') };
    await rejects(existingRun(inFile, undefined), { code: 'USAGE', message: /expected a folder/ });
  });

  it('contradicts --resume where there is no run, and --fresh where there is one', async () => {
    await rejects(existingRun(plan, 'resume'), { code: 'USAGE', message: /--resume: expected a run in .+ found none/ });
    putRun();
    mkdirSync(join(folder, 'run-2'), { recursive: true });
    await rejects(existingRun(plan, 'fresh'), {
      code: 'USAGE',
      message: /nothing is ever deleted\. .+--run-dir .*run-3$/,
    });
    rmSync(join(folder, 'run-2'), { recursive: true });
  });

  it('names whoever works on it', async () => {
    putRun();
    put(HOLDER_FILE, encodeHolder({ ...ownIdentity(), since: '2026-01-02', address: '127.0.0.1:7', beat: 1 }));
    await rejects(existingRun(plan, undefined), (error: Error & { code?: string }) => {
      equal(error.code, 'RUN_DIRECTORY_BUSY');
      match(
        error.message,
        new RegExp(`process ${process.pid} on .+ since 2026-01-02, serving at 127\\.0\\.0\\.1:7\\. `),
      );
      match(error.message, /metaapo watch /);
      return true;
    });
  });

  it('is refused with the keys that differ when the configuration is another one', async () => {
    putRun();
    const other = await planRun({
      configPath: join(folder, 'run.yaml'),
      overrides: ['seed=9', 'budget.annotations=5'],
      runDirectory: plan.runDirectory,
    });
    await rejects(existingRun(other, undefined), (error: Error & { code?: string }) => {
      equal(error.code, 'RUN_CONFIG_CHANGED');
      match(error.message, /another configuration: seed: 1 → 9\. Restore/);
      return true;
    });
    putRun({ config_digest: 'sha256:of-an-earlier-version' });
    equal((await existingRun(plan, undefined)).kind, 'unfinished', 'the settings that were written are the same');
    putRun();
    const richer = await planRun({
      configPath: join(folder, 'run.yaml'),
      overrides: ['budget.annotations=5'],
      runDirectory: plan.runDirectory,
    });
    equal((await existingRun(richer, undefined)).kind, 'unfinished', 'a larger budget is no other run');
  });

  it('is not called finished when its data are no longer what it was trained with', async () => {
    putRun({ state: 'succeeded' });
    writeFileSync(join(folder, 'pairs.jsonl'), `${DATA}${DATA}`);
    await rejects(existingRun(plan, undefined), { code: 'RUN_CONFIG_CHANGED', message: /pairs\.jsonl is no longer/ });
    rmSync(join(folder, 'pairs.jsonl'));
    equal(await kind(), 'finished', 'data that are gone do not make it unfinished');
  });

  it('is refused when a later version wrote it', async () => {
    put(STATUS_FILE, '{"format":"metaapo.run/7"}');
    await rejects(existingRun(plan, undefined), { code: 'RUN_FORMAT_NEWER', message: /has format 7/ });
  });
});
