/**
 * @file The annotation ledger: every score that was paid for, by what it depends on. What is in it is never asked again.
 *
 * Key: (digest of the reward model's weights, digest of the prompt, digest of the response). Run, iteration and row are
 * no part of it, so the same text drawn twice is paid for once.
 */
import type { Digest } from '#core';
import type { RunDatabase } from './run-database.js';

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
  /** Provenance of the reply, as JSON. */
  readonly provenance: string;
}

/** How annotations were come by. */
export interface AnnotationCounts {
  /** Scored by the reward service. */
  readonly paid: number;
  /** Found in the ledger. */
  readonly fromLedger: number;
}

export class Ledger {
  constructor(private readonly database: RunDatabase) {}

  score({ weightsDigest, promptDigest, responseDigest }: LedgerKey): number | undefined {
    const row = this.database
      .sql('SELECT score FROM ledger WHERE weights_digest = ? AND prompt_digest = ? AND response_digest = ?')
      .get(weightsDigest, promptDigest, responseDigest);
    return row?.['score'] as number | undefined;
  }

  /** Writes scores and counts them; call it inside the transaction that commits their unit. */
  add(entries: readonly LedgerEntry[], purpose: Purpose): void {
    const statement = this.database.sql('INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)');
    for (const entry of entries) {
      const { weightsDigest, promptDigest, responseDigest, score, components, provenance } = entry;
      const json = JSON.stringify(components, Object.keys(components).sort());
      statement.run(weightsDigest, promptDigest, responseDigest, score, json, provenance, purpose);
    }
    this.count(`paid.${purpose}`, entries.length);
  }

  /** Counts annotations that were needed and already there; call it inside their unit's transaction. */
  countFound(found: number, purpose: Purpose): void {
    this.count(`found.${purpose}`, found);
  }

  counts(purpose: Purpose): AnnotationCounts {
    return { paid: this.counter(`paid.${purpose}`), fromLedger: this.counter(`found.${purpose}`) };
  }

  /** Every row in the order of its key, for comparing two ledgers. */
  rows(): readonly Readonly<Record<string, unknown>>[] {
    return this.database.sql('SELECT * FROM ledger ORDER BY weights_digest, prompt_digest, response_digest').all();
  }

  private count(name: string, by: number): void {
    if (by === 0) return;
    this.database
      .sql('INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value')
      .run(name, by);
  }

  private counter(name: string): number {
    return Number(this.database.sql('SELECT value FROM counters WHERE name = ?').get(name)?.['value'] ?? 0);
  }
}
