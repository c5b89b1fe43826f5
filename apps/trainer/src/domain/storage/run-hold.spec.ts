/**
 * Goal: one process per run directory, and who comes second learns whom to ask. Method: holders that were killed, live in
 * another process, or are named from another machine; a clock that tells how long it was asked to wait, and lets the
 * other machine write meanwhile.
 */
import { describe, it } from 'node:test';
import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '#core';
import { HOLDER_FILE, encodeHolder, ownIdentity, parseHolder, type Holder } from '#run-directory';
import { temporaryFolder } from '../../testing/toy-run.js';
import { SILENCE_MS, holdRunDirectory } from './run-hold.js';
import { lockRunDirectory } from './run-lock.js';

const ADDRESS = '127.0.0.1:50057';

/** A clock that passes at once and lets something happen meanwhile. */
function clockThat(happens: () => void = () => {}): Clock & { readonly waitedMs: number[] } {
  const waitedMs: number[] = [];
  const sleep = async (durationMs: number): Promise<void> => {
    waitedMs.push(durationMs);
    happens();
    await Promise.resolve();
  };
  return { ...systemClock, sleep, waitedMs };
}

function elsewhere(changes: Partial<Holder> = {}): Holder {
  const since = '2026-01-02T03:04:05.000Z';
  return { ...ownIdentity(), host: 'pod-1', machine: 'another', since, address: '10.0.0.7:1', beat: 3, ...changes };
}

describe('the lock of a run directory', () => {
  it('is held once, and given back', () => {
    const folder = temporaryFolder();
    const lock = lockRunDirectory(folder);
    equal(lockRunDirectory(folder), undefined);
    lock?.release();
    lock?.release();
    lockRunDirectory(folder)?.release();
    equal(lock?.isHeld, false);
  });

  it('dies with its process, however that dies', () => {
    const folder = temporaryFolder();
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(join(folder, 'run.lock'))});
      database.exec('BEGIN EXCLUSIVE');
      process.kill(process.pid, 'SIGKILL');`;
    throws(() => execFileSync(process.execPath, ['-e', script]));
    equal(lockRunDirectory(folder)?.isHeld, true);
  });
});

describe('the hold on a run directory', () => {
  it('names its holder to whoever comes second, and nobody once it is given back', async () => {
    const folder = temporaryFolder();
    const options = { address: ADDRESS, clock: clockThat() };
    const hold = await holdRunDirectory(folder, options);
    equal(hold.fallen, undefined);
    await rejects(holdRunDirectory(folder, options), (error: Error & { facts?: Record<string, unknown> }) => {
      match(error.message, new RegExp(`is in use by process ${process.pid} on .+ since .+, serving at ${ADDRESS}`));
      deepEqual([error.facts?.['pid'], error.facts?.['address']], [process.pid, ADDRESS]);
      return true;
    });
    hold.release();
    hold.release();
    equal(existsSync(join(folder, HOLDER_FILE)), false);
    (await holdRunDirectory(folder, options)).release();
    deepEqual(options.clock.waitedMs, []);
  });

  it('is taken at once after a holder of this machine that was killed, who is named', async () => {
    const folder = temporaryFolder();
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    writeFileSync(join(folder, HOLDER_FILE), encodeHolder(elsewhere({ ...ownIdentity(), pid })));
    const clock = clockThat();
    const hold = await holdRunDirectory(folder, { address: ADDRESS, clock });
    equal(hold.fallen?.pid, pid);
    deepEqual(clock.waitedMs, []);
    hold.release();
  });

  it('is taken from a holder of another machine after a silence, and refused while that one gives signs of life', async () => {
    const folder = temporaryFolder();
    const path = join(folder, HOLDER_FILE);
    writeFileSync(path, encodeHolder(elsewhere()));
    const beating = clockThat(() => writeFileSync(path, encodeHolder(elsewhere({ beat: 4 }))));
    const refused = holdRunDirectory(folder, { address: ADDRESS, clock: beating });
    await rejects(refused, { code: 'RUN_DIRECTORY_BUSY', message: /process \d+ on pod-1 since 2026/ });
    equal(parseHolder(readFileSync(path, 'utf8'))?.host, 'pod-1');

    const silent = clockThat();
    const hold = await holdRunDirectory(folder, { address: ADDRESS, clock: silent });
    deepEqual([hold.fallen?.host, silent.waitedMs], ['pod-1', [SILENCE_MS]]);
    hold.release();
  });

  it('leaves the name of another that has taken the directory', async () => {
    const folder = temporaryFolder();
    const hold = await holdRunDirectory(folder, { address: ADDRESS, clock: clockThat() });
    writeFileSync(join(folder, HOLDER_FILE), encodeHolder(elsewhere()));
    hold.release();
    equal(existsSync(join(folder, HOLDER_FILE)), true);
  });
});
