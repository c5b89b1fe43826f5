/**
 * @file Digests of what the journal and the ledger hold, stored beside it and verified whenever it is used: the disk or a
 * hand may have altered it. Each covers its own key, so that rows that were swapped are found out too.
 */
import { digestOf, digestOfJson, type Digest } from '#core';
import type { MetaUpdateRecord, StepRecord, UnitEntry } from './journal.js';
import type { LedgerEntry } from './ledger.js';

export function unitDigest({ key, requestDigest, result }: Omit<UnitEntry, 'elapsedMs'>): Digest {
  return digestOfJson([key.iteration, key.phase, key.unit, requestDigest, digestOf(result)]);
}

/** Without the artifacts: they are dropped in time, and are named by their own digests. */
export function stepDigest({ adapterArtifact: _a, momentsArtifact: _m, ...record }: StepRecord): Digest {
  return digestOfJson(record);
}

export function metaStateDigest(record: MetaUpdateRecord): Digest {
  return digestOfJson(record);
}

export function ledgerDigest(entry: LedgerEntry): Digest {
  const { weightsDigest, promptDigest, responseDigest, score, components, provenance } = entry;
  return digestOfJson([weightsDigest, promptDigest, responseDigest, score, components, provenance]);
}
