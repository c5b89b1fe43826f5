/** @file Who watches a run from outside of it: traces and metrics. */

export interface ObservedUnit {
  readonly runId: string;
  readonly unitId: string;
  readonly phase: string;
  readonly iteration: number;
}

export interface RunObserver {
  /** Runs a unit from its first request to its entry in the journal. */
  unit<T>(unit: ObservedUnit, work: () => Promise<T>): Promise<T>;
  /** The trace that the unit under way belongs to, 32 hexadecimal digits; undefined when tracing is off. */
  traceId(): string | undefined;
  /** Annotations of one unit: paid for, and found in the ledger. */
  annotations(rewardModel: string, counts: { readonly paid: number; readonly found: number }): void;
}
