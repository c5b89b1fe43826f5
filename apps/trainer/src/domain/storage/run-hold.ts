/**
 * @file The hold of a process on a run directory: the lock, and beside it `holder.json`, which tells others who has it.
 *
 * On one machine the lock of the operating system is the truth, and a holder that was killed has lost it. Some shared file
 * systems do not pass locks between machines; therefore a holder gives a sign of life every few seconds, and who finds
 * the lock free but a holder of another machine named waits for that sign before taking the directory.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#core';
import {
  HOLDER_FILE,
  encodeHolder,
  holderLiveness,
  ownIdentity,
  parseHolder,
  readHolder,
  type Holder,
} from '#run-directory';
import { lockRunDirectory, type RunLock } from './run-lock.js';
import { RunDirectoryBusyError } from './storage.errors.js';

export interface RunHoldOptions {
  /** Where this process serves TrainerService; empty when it does not. */
  readonly address: string;
  readonly clock: Clock;
}

export interface RunHold {
  /** Who held the directory when it was killed; absent when the last one gave it back. */
  readonly fallen: Holder | undefined;
  /** Aborted, with the reason, when another process has taken the directory: this one was silent for too long. */
  readonly taken: AbortSignal;
  /** Gives the directory back; calling it again is harmless. */
  release(): void;
}

/** How often a holder gives a sign of life. */
export const BEAT_MS = 5_000;
/** Silence after which a holder on another machine counts as gone. */
export const SILENCE_MS = 3 * BEAT_MS + 1_000;

/** @throws RunDirectoryBusyError (`RUN_DIRECTORY_BUSY`) naming the holder; DiskFullError */
export async function holdRunDirectory(directory: string, options: RunHoldOptions): Promise<RunHold> {
  const lock = await lockOrTell(directory);
  try {
    const fallen = await refuseLiving(directory, options.clock);
    return holding(directory, lock, { ...options, fallen });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function lockOrTell(directory: string): Promise<RunLock> {
  const lock = lockRunDirectory(directory);
  if (lock !== undefined) return lock;
  throw new RunDirectoryBusyError(directory, await readHolder(directory));
}

/** The lock is free; whoever is named in `holder.json` must be gone. Gives the one who went without giving back. */
async function refuseLiving(directory: string, clock: Clock): Promise<Holder | undefined> {
  const named = await readHolder(directory);
  if (named === undefined || holderLiveness(named) === 'dead' || isOwn(named)) return named;
  await clock.sleep(SILENCE_MS);
  const later = await readHolder(directory);
  if (later !== undefined && later.beat !== named.beat) throw new RunDirectoryBusyError(directory, later);
  return named;
}

/** This very process: it went on with a run that it could not give back, for instance on a full disk. */
function isOwn({ machine, pid, started }: Holder): boolean {
  const own = ownIdentity();
  return own.machine === machine && own.pid === pid && own.started === started;
}

function holding(
  directory: string,
  lock: RunLock,
  { address, clock, fallen }: RunHoldOptions & { readonly fallen: Holder | undefined },
): RunHold {
  const path = join(directory, HOLDER_FILE);
  const since = new Date(clock.nowMs()).toISOString();
  const taken = new AbortController();
  let beat = 0;
  const sign = (): void => writeWhole(path, encodeHolder({ ...ownIdentity(), since, address, beat: beat++ }));
  const other = (): Holder | undefined => {
    const named = parseHolderAt(path);
    return named && !isOwn(named) ? named : undefined;
  };
  sign();
  // The system's timer: what is shown to others is whether this process lives, not what time a test says it is.
  const timer = setInterval(() => {
    const usurper = other();
    if (usurper) {
      clearInterval(timer);
      taken.abort(new RunDirectoryBusyError(directory, usurper));
    } else {
      sign();
    }
  }, BEAT_MS).unref();
  const release = (): void => {
    clearInterval(timer);
    if (!lock.isHeld) return;
    if (other() === undefined) rmSync(path, { force: true });
    lock.release();
  };
  return { fallen, taken: taken.signal, release };
}

function parseHolderAt(path: string): Holder | undefined {
  try {
    return parseHolder(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A reader never sees half of it. A full disk takes the name from the holder, not the hold. */
function writeWhole(path: string, text: string): void {
  try {
    writeFileSync(`${path}.partial`, text);
    renameSync(`${path}.partial`, path);
  } catch {
    rmSync(`${path}.partial`, { force: true });
  }
}
