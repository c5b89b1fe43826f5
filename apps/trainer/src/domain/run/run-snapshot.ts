/** @file A run as others see it. */
import type { RunConfig } from '#run-config';

export type RunState = 'running' | 'cancelling' | 'cancelled' | 'succeeded' | 'failed';

export interface RunSnapshot {
  readonly runId: string;
  /** As the configuration names it. */
  readonly name: string;
  readonly state: RunState;
  /** Empty before the first phase. */
  readonly phase: string;
  readonly iteration: number;
  readonly iterationCount: number;
  readonly iterationsDone: number;
  /** As the trainer was given it. */
  readonly runDirectory: string;
  readonly configDigest: string;
  readonly annotationCount: number;
  readonly annotationCountUngated: number;
  /** Of the annotations; undefined where the configuration names no price. */
  readonly cost: { readonly amount: number; readonly currency: string } | undefined;
  readonly optimizerStepCount: number;
  readonly metaUpdateCount: number;
  readonly createTimeMs: number;
  readonly endTimeMs: number | undefined;
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** Empty before the end. */
  readonly adapterDigest: string;
}

/** What annotations cost, where the configuration names a price. */
export function costOf({ budget }: RunConfig, annotationCount: number): RunSnapshot['cost'] {
  const { cost_per_annotation: price, currency } = budget;
  return price === null ? undefined : { amount: annotationCount * price, currency };
}

/** True when nothing more will happen in this process. */
export function hasEnded({ state }: RunSnapshot): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
