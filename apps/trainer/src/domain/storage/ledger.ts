/**
 * @file The annotation ledger: every score that was paid for, by what it depends on. What is in it is never asked again.
 *
 * Key: (digest of the reward model's weights, digest of the prompt, digest of the response). Run, iteration and row are
 * no part of it, so the same text drawn twice is paid for once; and runs may share a ledger. Who wants to buy a score
 * claims it first. A claim is a lease: it ends when its time is up, so that a dead buyer holds nobody up for ever, and it
 * passes on to a later process of the same run at once.
 *
 * A score is durable here before the unit that bought it is in the journal. A crash in between leaves a score and the name
 * of the unit that bought it, so that the unit, when it is done again, neither pays nor counts it differently.
 */
import type { Digest } from '#core';

/** What an annotation was bought for; evaluation is counted apart. */
export type Purpose = 'training' | 'evaluation';

export interface LedgerKey {
  readonly weightsDigest: string;
  readonly promptDigest: Digest;
  readonly responseDigest: Digest;
}

export interface LedgerEntry extends LedgerKey {
  /** Finite. */
  readonly score: number;
  readonly components: Readonly<Record<string, number>>;
  /** Provenance of the reply, as JSON: which epoch of which model gave the score. */
  readonly provenance: string;
}

/** Who buys: one unit of one process's work on a run. */
export interface Buyer {
  readonly runId: string;
  /** Counts the processes that worked on the run. */
  readonly attempt: number;
  /** Name of the unit within the run. */
  readonly unit: string;
}

export interface HeldScore {
  readonly kind: 'held';
  readonly score: number;
  /** True when this very unit bought it, in an earlier process. */
  readonly own: boolean;
}

/** What a buyer may do about a score. */
export type Claim =
  /** It is in the ledger. */
  | HeldScore
  /** The buyer is to ask for it; nobody else will while the lease lasts. */
  | { readonly kind: 'granted' }
  /** Another buyer is asking for it. */
  | { readonly kind: 'elsewhere'; readonly untilMs: number };

export interface Ledger {
  /** Scores in the order of the keys; undefined where none is held. @throws LedgerDamagedError */
  scores(keys: readonly LedgerKey[]): Promise<(number | undefined)[]>;

  /** The same with what is stored beside them. @throws LedgerDamagedError */
  entries(keys: readonly LedgerKey[]): Promise<(LedgerEntry | undefined)[]>;

  /** Claims in the order of the keys. Claiming again extends the lease. @throws LedgerDamagedError */
  claim(keys: readonly LedgerKey[], buyer: Buyer): Promise<Claim[]>;

  /** Makes scores durable, all or none. Where a score is held already, that one stays. @throws DiskFullError */
  add(entries: readonly LedgerEntry[], bought: { readonly buyer: Buyer; readonly purpose: Purpose }): Promise<void>;

  /** Gives up what the buyer has claimed and not bought. */
  release(buyer: Buyer): Promise<void>;
}

/** How annotations were come by. */
export interface AnnotationCounts {
  /** Scored by the reward service. */
  readonly paid: number;
  /** Found in the ledger. */
  readonly fromLedger: number;
}

/** The key as a text. */
export function ledgerKeyName({ weightsDigest, promptDigest, responseDigest }: LedgerKey): string {
  return `${weightsDigest} ${promptDigest} ${responseDigest}`;
}

/** A run's own bill, as additions to the counters of its journal: a shared ledger does not mix the bills of its runs. */
export function countersOf(purpose: Purpose, { paid, fromLedger }: AnnotationCounts): Record<string, number> {
  return { [`paid.${purpose}`]: paid, [`found.${purpose}`]: fromLedger };
}

export function annotationCounts(totals: { counter(name: string): number }, purpose: Purpose): AnnotationCounts {
  return { paid: totals.counter(`paid.${purpose}`), fromLedger: totals.counter(`found.${purpose}`) };
}
