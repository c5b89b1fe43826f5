/**
 * @file One process at a time fetches a file; the others wait and find it there.
 *
 * Node has no locks that the system would release for a dead process, so the holder touches its lock file again and
 * again, and who waits takes over a lock that stands still, or at once one whose process is gone from this machine.
 * Watching for change instead of comparing times makes clocks of several machines irrelevant. The lock saves work; that a
 * file is right is decided by its digest.
 */
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const BEAT_MS = 1000;
const POLL_MS = 500;
/** Polls without a beat until the holder counts as dead: 15 s. */
const STILL_POLLS_MAX = 30;

/** Works while holding the lock. */
export async function withFileLock<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, signal);
  let beats = 0;
  const beating = setInterval(() => {
    utimes(path, beats, (beats += 1)).catch(() => undefined);
  }, BEAT_MS);
  beating.unref();
  try {
    return await work();
  } finally {
    clearInterval(beating);
    await rm(path, { force: true });
  }
}

async function acquire(path: string, signal: AbortSignal | undefined): Promise<void> {
  let seen: string | undefined;
  let stillPolls = 0;
  while (!(await tryAcquire(path))) {
    signal?.throwIfAborted();
    const state = await stateOf(path);
    stillPolls = state === seen ? stillPolls + 1 : 0;
    seen = state;
    if (stillPolls >= STILL_POLLS_MAX || (await holderIsGone(path))) {
      await rm(path, { force: true });
      continue;
    }
    await delay(POLL_MS, undefined, signal && { signal });
  }
}

async function tryAcquire(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(JSON.stringify({ host: hostname(), pid: process.pid }));
    await handle.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

/** Changes with every beat and every new holder. */
async function stateOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 'absent' : `${found.ino}:${found.mtimeMs}`;
}

async function holderIsGone(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as { host?: unknown; pid?: unknown };
    if (host !== hostname() || typeof pid !== 'number') return false;
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
