/** @file Where a training row came from, as plain data: everything that a run's journal has of it. */
import type { RewardModel } from '../ports/reward-port.js';

export type RowFateName = 'pending' | 'unscored' | 'ungated' | 'unsampled' | 'lost' | 'paired' | 'tied' | 'invalid';

export type ScoreSourceName = 'paid' | 'ledger' | 'earlier_row';

export interface RowExplanation {
  readonly runId: string;
  readonly itemId: string;
  readonly iteration: number;
  readonly fate: RowFateName;
  /** In UPPER_SNAKE, where there is one to tell. */
  readonly fateReason: string;
  /** Absent where the data cannot be read. */
  readonly offlinePair?: OfflinePairText | undefined;
  readonly gate?: GateFacts | undefined;
  readonly samples: readonly SampleFacts[];
  /** What the row was held to when it was annotated, or what its iteration began with. */
  readonly rewardModel?: (RewardModel & { readonly timeMs: number }) | undefined;
  /** True where its iteration began with another model, which nobody answered for any more. */
  readonly isMoved: boolean;
  readonly isBackfilled: boolean;
  readonly isOfflineOnly: boolean;
  readonly uses: readonly RowUse[];
  readonly units: readonly UnitFacts[];
  /** What cannot be told, in sentences. */
  readonly gaps: readonly string[];
}

export interface OfflinePairText {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export interface GateFacts {
  readonly kind: string;
  readonly score: number;
  readonly ellOff: number;
  readonly weight?: number;
  readonly draw?: number;
  readonly sampled: boolean;
  readonly metaLearnerVersion?: number;
}

export interface SampleFacts {
  readonly index: number;
  readonly text: string;
  readonly tokenCount: number;
  readonly logProbSum: number;
  readonly finish: string;
  readonly score?: number;
  readonly source?: ScoreSourceName;
  /** As JSON. */
  readonly provenance?: string;
  readonly role?: 'chosen' | 'rejected';
  readonly reason: string;
}

/** What one optimizer step saw of the row. */
export interface RowUse {
  readonly phase: string;
  readonly iteration: number;
  readonly step: number;
  readonly learningRate: number;
  readonly weight: number;
  readonly score?: number;
  readonly ellOff?: number;
  readonly ellOn?: number;
  readonly loss: number;
  readonly adapterDigest: string;
}

export interface UnitFacts {
  readonly phase: string;
  readonly unit: number;
  /** Empty when tracing was off. */
  readonly traceId: string;
  readonly elapsedMs: number;
}
