/** @file A run as others see it. */

export type RunState = 'running' | 'cancelling' | 'cancelled' | 'succeeded' | 'failed';

export interface RunSnapshot {
  readonly runId: string;
  readonly state: RunState;
  /** Empty before the first phase. */
  readonly phase: string;
  readonly iteration: number;
  /** As the trainer was given it. */
  readonly runDirectory: string;
  readonly configDigest: string;
  readonly annotationCount: number;
  readonly annotationCountUngated: number;
  readonly optimizerStepCount: number;
  readonly metaUpdateCount: number;
  readonly createTimeMs: number;
  readonly endTimeMs: number | undefined;
  readonly failure: { readonly reason: string; readonly message: string } | undefined;
  /** Empty before the end. */
  readonly adapterDigest: string;
}

/** True when nothing more will happen in this process. */
export function hasEnded({ state }: RunSnapshot): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
