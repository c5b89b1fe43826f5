/** @file Computes figures in a thread of its own: a thousand resamples of many items take seconds, and calls must not wait for them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FiguresRequest } from './figures-thread.js';
import type { ScoredItem } from './preference-changes.js';
import type { SwapFigures } from './swap-figures.js';

/** As `swapFigures`. The signal ends the thread. */
export async function computeFigures(
  items: readonly ScoredItem[],
  seed: string,
  signal: AbortSignal,
): Promise<SwapFigures> {
  signal.throwIfAborted();
  const workerData: FiguresRequest = { items, seed };
  const worker = new Worker(new URL('./figures-thread.js', import.meta.url), { workerData });
  try {
    const [figures] = (await once(worker, 'message', { signal })) as [SwapFigures];
    return figures;
  } finally {
    await worker.terminate();
  }
}
