/** @file Opens one checkpoint and prints what that took: one JSON line. */
import { systemClock } from '#core';
import { openCheckpoint } from '#ml/checkpoint';

export interface LoadFigures {
  /** Of all tensors, in float32. */
  readonly weightBytes: number;
  /** The most that the process ever had resident. */
  readonly peakBytes: number;
  readonly seconds: number;
}

const [path = ''] = process.argv.slice(2);
const startMs = systemClock.monotonicMs();
const { tensors } = await openCheckpoint(path);
const seconds = (systemClock.monotonicMs() - startMs) / 1000;
const weightBytes = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
const KIB = 1024;
const figures: LoadFigures = { weightBytes, peakBytes: process.resourceUsage().maxRSS * KIB, seconds };
console.log(JSON.stringify(figures));
