/** Goal: a look at a directory tells a run under way from one whose process is gone, and both from what is no run. */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOLDER_FILE, describeHolder, encodeHolder, parseHolder, type Holder } from './holder.js';
import { livenessOf, ownIdentity } from './process-identity.js';
import { holdsOlderRun, readRun, readRuns } from './read-run.js';
import { STATUS_FILE, encodeStatus, type RunStatus } from './run-status.js';

const STATUS: Omit<RunStatus, 'format'> = {
  run_id: 'tiny-1',
  name: 'tiny',
  state: 'running',
  phase: 'generate',
  iteration: 1,
  iterations_done: 1,
  iteration_count: 2,
  annotations: 24,
  annotations_ungated: 72,
  cost: { amount: 0.24, currency: 'EUR' },
  optimizer_steps: 3,
  config_digest: 'sha256:00',
  inputs: {},
  adapter_digest: '',
  failure: null,
  create_time: '2026-01-02T03:04:05.000Z',
  update_time: '2026-01-02T03:05:05.000Z',
  end_time: null,
};

function holder(changes: Partial<Holder> = {}): Holder {
  return { ...ownIdentity(), since: '2026-01-02T03:04:05.000Z', address: '127.0.0.1:1', beat: 0, ...changes };
}

/** The id of a process that has ended. */
function endedPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('a process as it is written down', () => {
  it('is told from one that is gone, from another with the same id, and from one elsewhere', () => {
    const own = ownIdentity();
    equal(livenessOf(own), 'alive');
    equal(livenessOf({ ...own, pid: endedPid() }), 'dead');
    equal(livenessOf({ ...own, machine: 'another boot' }), 'unknown');
    equal(livenessOf({ ...own, started: own.started === '' ? '' : '1' }), own.started === '' ? 'alive' : 'dead');
  });

  it('survives being written and read, and nothing else is taken for one', () => {
    deepEqual(parseHolder(encodeHolder(holder())), holder());
    for (const text of ['', '{}', '[1]', 'null', '{"pid":"1"}']) equal(parseHolder(text), undefined);
    match(describeHolder(holder({ pid: 7, host: 'h' })), /^process 7 on h since 2026-.* serving at 127\.0\.0\.1:1$/);
  });
});

describe('a look at a run directory', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'metaapo-look-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function directory(name: string, files: Readonly<Record<string, string>>): string {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  }

  it('tells who works on the run, and whether that process still does', async () => {
    const status = encodeStatus(STATUS);
    const state = async (name: string, held: Holder | undefined): Promise<unknown> =>
      (await readRun(directory(name, { [STATUS_FILE]: status, ...(held && { [HOLDER_FILE]: encodeHolder(held) }) })))
        ?.state;
    equal(await state('alive', holder()), 'running');
    equal(await state('killed', holder({ pid: endedPid() })), 'interrupted');
    equal(await state('given-back', undefined), 'interrupted');
    equal(await state('elsewhere', holder({ machine: 'another' })), 'unknown');
  });

  it('finds nothing where there is no run', async () => {
    equal(await readRun(directory('empty', {})), undefined);
    equal(await readRun(join(folder, 'absent')), undefined);
    equal(await readRun(join(directory('a-file', { file: '' }), 'file')), undefined);
    equal(await holdsOlderRun(directory('older', { 'run.sqlite': '' })), true);
    equal(await holdsOlderRun(directory('empty', {})), false);
  });

  it('refuses a run of a later version and a damaged status, by name', async () => {
    const newer = directory('newer', { [STATUS_FILE]: '{"format":"metaapo.run/99","what":1}' });
    await rejects(readRun(newer), {
      code: 'RUN_FORMAT_NEWER',
      message: /has format 99, this version reads formats up to 1/,
    });
    for (const text of ['', '{', '{"format":"metaapo.run/1"}', '[]']) {
      const damaged = directory('damaged', { [STATUS_FILE]: text });
      await rejects(readRun(damaged), { code: 'RUN_STATUS_DAMAGED', message: /metaapo fsck/ });
    }
  });

  it('lists runs, the latest first, and names what cannot be read', async () => {
    const runs = join(folder, 'runs');
    directory('runs/old', { [STATUS_FILE]: encodeStatus({ ...STATUS, state: 'succeeded' }) });
    directory('runs/new', { [STATUS_FILE]: encodeStatus({ ...STATUS, create_time: '2026-02-02T00:00:00.000Z' }) });
    directory('runs/other', { notes: '' });
    directory('runs/odd', { [STATUS_FILE]: '{' });
    writeFileSync(join(runs, 'file'), '');
    const seen = await readRuns(runs);
    deepEqual(
      seen.map((run) => [run.path.slice(runs.length + 1), 'state' in run ? run.state : run.problem.name]),
      [
        ['new', 'interrupted'],
        ['old', 'succeeded'],
        ['odd', 'RunStatusDamagedError'],
      ],
    );
  });
});
