/** @file What a unary call costs by itself: the smallest answer of the policy service, on loopback, one after the other. */
import { systemClock } from '#core';
import { quantile, type Measurement } from './measurement.js';
import { PolicyProcess } from './policy-process.js';
import type { Setting } from './setting.js';

const WARM_UP_CALLS = 200;
const CALLS = 2000;

export async function rpcOverhead(setting: Setting): Promise<Measurement[]> {
  const process = await PolicyProcess.start(setting);
  try {
    const timesMs: number[] = [];
    for (let index = 0; index < WARM_UP_CALLS + CALLS; index += 1) {
      const startMs = systemClock.monotonicMs();
      await process.admin.listAdapters({});
      if (index >= WARM_UP_CALLS) timesMs.push(systemClock.monotonicMs() - startMs);
    }
    return [
      { job: 'unary call', name: 'p50', value: quantile(timesMs, 0.5), unit: 'ms' },
      { job: 'unary call', name: 'p99', value: quantile(timesMs, 0.99), unit: 'ms' },
    ];
  } finally {
    await process.stop();
  }
}
