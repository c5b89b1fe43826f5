/**
 * @file The policy service in a child process that tells how long its event loop was held up.
 *
 * The very program that is deployed, with a histogram beside it: on the message `begin` it forgets, on `end` it answers
 * with the worst delays since.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The monitor is a timer of this period: a delay is what it is late beyond it. */
const PERIOD_MS = 1;

export interface LoopDelays {
  readonly p99Ms: number;
  readonly maxMs: number;
}

const delays = monitorEventLoopDelay({ resolution: PERIOD_MS });
delays.enable();

process.on('message', (message) => {
  if (message === 'begin') {
    delays.reset();
    process.send?.('begun');
    return;
  }
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - PERIOD_MS);
  process.send?.({ p99Ms: late(delays.percentile(99)), maxMs: late(delays.max) } satisfies LoopDelays);
});

await import('../apps/policy/src/main.js');
