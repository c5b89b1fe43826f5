/**
 * Goal: a run on another machine can be followed by its directory alone. Method: a clock that passes at once, and between
 * two looks does what the other machine would do.
 */
import { after, before, describe, it } from 'node:test';
import { deepEqual, equal, rejects, throws } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '#core';
import { HOLDER_FILE, STATUS_FILE, encodeHolder, encodeStatus, ownIdentity, type RunStatus } from '#run-directory';
import { runDisplay } from '../progress/run-display.js';
import { ScriptedTerminal } from '../testing/scripted-terminal.js';
import { refuseBadEnd, watchDirectory } from './watch-run.js';

const STATUS: Omit<RunStatus, 'format'> = {
  run_id: 'tiny-1',
  name: 'tiny',
  state: 'running',
  phase: 'generate',
  iteration: 0,
  iterations_done: 0,
  iteration_count: 2,
  annotations: 0,
  annotations_ungated: 36,
  cost: null,
  optimizer_steps: 3,
  config_digest: 'sha256:00',
  inputs: {},
  adapter_digest: '',
  failure: null,
  create_time: '2026-01-02T03:04:05.000Z',
  update_time: '2026-01-02T03:05:05.000Z',
  end_time: null,
};

describe('a run on another machine', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'metaapo-watch-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function put(name: string, status: Partial<RunStatus>, beat: number): string {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, STATUS_FILE), encodeStatus({ ...STATUS, ...status }));
    const holder = { ...ownIdentity(), machine: 'another', host: 'pod-1', since: '2026', address: '127.0.0.1:1', beat };
    writeFileSync(join(path, HOLDER_FILE), encodeHolder(holder));
    return path;
  }

  function watch(
    path: string,
    between: (look: number) => void,
  ): { end: ReturnType<typeof watchDirectory>; terminal: ScriptedTerminal } {
    const terminal = new ScriptedTerminal();
    let look = 0;
    const sleep = async (): Promise<void> => {
      between(++look);
      await Promise.resolve();
    };
    const clock: Clock = { ...systemClock, sleep };
    const display = (iterationCount: number | undefined) => runDisplay({ terminal, json: false, iterationCount });
    return { end: watchDirectory(path, { display, signal: new AbortController().signal, clock }), terminal };
  }

  it('is followed by the status in its directory, to its end', async () => {
    const path = put('far', {}, 0);
    const { end, terminal } = watch(path, (look) => {
      if (look === 1) put('far', { annotations: 12 }, 1);
      if (look === 2) put('far', { annotations: 12, phase: 'train', iteration: 1 }, 2);
      if (look === 3) put('far', { state: 'succeeded' }, 3);
    });
    equal((await end).state, 'succeeded');
    deepEqual(terminal.stdout.trimEnd().split('\n'), [
      '  iteration 1/2  generate  0 annotations',
      '  iteration 1/2  generate  12 annotations',
      '  iteration 2/2  train  12 annotations',
    ]);
  });

  it('counts as interrupted after a long silence of its holder, not before', async () => {
    let looks = 0;
    const { end } = watch(put('silent', {}, 7), (look) => {
      looks = look;
      if (look === 15) put('silent', {}, 8);
    });
    const run = await end;
    equal(run.state, 'interrupted');
    equal(looks > 30, true, `${looks} looks`);
    throws(() => refuseBadEnd(run), { code: 'RUN_INTERRUPTED', message: /Go on with: metaapo run CONFIG --run-dir/ });
  });

  it('tells every other end by its name', async () => {
    const failure = { reason: 'REWARD_UNAVAILABLE', message: 'gone' };
    const failed = await watch(put('failed', { state: 'failed', failure }, 0), () => {}).end;
    throws(() => refuseBadEnd(failed), { code: 'REWARD_UNAVAILABLE', message: /^gone\nGo on with/ });
    const cancelled = await watch(put('cancelled', { state: 'cancelled' }, 0), () => {}).end;
    throws(() => refuseBadEnd(cancelled), { code: 'RUN_CANCELLED' });
    await rejects(watch(join(folder, 'absent'), () => {}).end, { code: 'USAGE' });
  });
});
