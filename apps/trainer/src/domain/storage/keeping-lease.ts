/** @file Keeps claims alive while their call is under way, however long the annotator takes. */
import type { Clock } from '#core';
import type { Buyer, Ledger, LedgerKey } from './ledger.js';

/** A third of the lease: two extensions in a row may fail before another run takes over. */
const EXTEND_EVERY_MS = 10_000;

export interface Lease {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly buyer: Buyer;
  readonly keys: readonly LedgerKey[];
}

export async function keepingLease<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const extending = extend(lease, done.signal);
  try {
    return await work();
  } finally {
    done.abort();
    await extending;
  }
}

async function extend({ ledger, clock, buyer, keys }: Lease, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    await clock.sleep(EXTEND_EVERY_MS, done).catch(() => undefined);
    if (done.aborted) return;
    // A ledger that is away for a while is no reason to give the call up; its answer is worth money.
    await ledger.claim(keys, buyer).catch(() => undefined);
  }
}
