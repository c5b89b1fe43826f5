/** @file Where the scores of an annotation unit come from: which epoch of which model gave each, and which ones were paid for. */
import { ledgerKeyName, type LedgerEntry } from '../storage/ledger.js';

export interface ScoreOrigins {
  /** Distinct provenances, as JSON. */
  readonly provenances: readonly string[];
  /** Per score, its place among them; null where there is no score. */
  readonly provenanceAt: readonly (number | null)[];
  /** Places of the scores that this unit paid for. */
  readonly paidAt: readonly number[];
}

/** `paid`: names of the keys that the unit bought. */
export function originsOf(entries: readonly (LedgerEntry | undefined)[], paid: ReadonlySet<string>): ScoreOrigins {
  const provenances = [...new Set(entries.flatMap((entry) => (entry ? [entry.provenance] : [])))];
  return {
    provenances,
    provenanceAt: entries.map((entry) => (entry ? provenances.indexOf(entry.provenance) : null)),
    paidAt: entries.flatMap((entry, index) => (entry && paid.has(ledgerKeyName(entry)) ? [index] : [])),
  };
}

/** What a provenance says of its epoch, in decimal; `0` where it says nothing. */
export function epochIn(provenance: string): string {
  const { epoch } = JSON.parse(provenance) as { readonly epoch?: unknown };
  return typeof epoch === 'string' || typeof epoch === 'number' ? String(epoch) : '0';
}

/** Digest of the model that a provenance names; empty where it names none. */
export function modelIn(provenance: string): string {
  const { weightsDigest } = JSON.parse(provenance) as { readonly weightsDigest?: unknown };
  return typeof weightsDigest === 'string' ? weightsDigest : '';
}
