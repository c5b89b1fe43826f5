/**
 * @file How much memory a scoring thread may hold. V8 bounds a thread's heap by itself, but not the buffers that the heap
 * only points to: those are looked at from here while the thread works, even when it never returns to its event loop.
 */
import type { Worker } from 'node:worker_threads';
import type { Clock } from '#core';

/** Of the heap and of the buffers each, where nothing else is set. */
export const MEMORY_MIB_DEFAULT = 512;
/** Memory is filled at some gigabytes per second; so much more than allowed a thread may hold before it is ended. */
const CHECK_INTERVAL_MS = 25;
const MIB = 2 ** 20;
/** What Node says of a thread that is gone. */
const ENDED_THREAD_ID = -1;

export interface MemoryWatch {
  readonly memoryMib: number;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** Settles with the mebibytes of buffers once they are too many; never where the watch or the thread ends before. */
export async function overfull(worker: Worker, { memoryMib, clock, signal }: MemoryWatch): Promise<number> {
  const isOver = (): boolean => signal.aborted || worker.threadId === ENDED_THREAD_ID;
  while (!isOver()) {
    await clock.sleep(CHECK_INTERVAL_MS, signal).catch(() => {});
    const bytes = isOver() ? 0 : await bufferBytes(worker);
    if (bytes > memoryMib * MIB) return Math.round(bytes / MIB);
  }
  return new Promise(() => {});
}

/** 0 of a thread that has not begun yet, or has ended meanwhile. */
async function bufferBytes(worker: Worker): Promise<number> {
  try {
    return (await worker.getHeapStatistics()).external_memory;
  } catch {
    return 0;
  }
}
