/** @file The scores that a run has bought of a reward model, the last ones first. */
import type { LedgerEntry } from '../storage/ledger.js';
import type { SqlDatabase, SqlRow } from '../storage/sql/sql-database.js';
import { entryOf } from '../storage/sql/sql-ledger.js';

export type BoughtScore = Pick<LedgerEntry, 'promptDigest' | 'responseDigest' | 'score'>;

export interface BoughtScoresQuery {
  readonly runId: string;
  readonly rewardModel: string;
  /** Most scores to give. */
  readonly countMax: number;
}

/**
 * The ledger has no times; but units are numbered in the order of the data, so the last unit of the last iteration bought
 * last. What evaluations bought comes after all that training did. @throws LedgerDamagedError
 */
export async function lastBoughtScores(
  ledger: SqlDatabase,
  { runId, rewardModel, countMax }: BoughtScoresQuery,
): Promise<readonly BoughtScore[]> {
  const rows = await ledger.all(
    `SELECT ledger.*, claims.unit AS buyer FROM claims JOIN ledger
       ON ledger.weights_digest = claims.weights_digest AND ledger.prompt_digest = claims.prompt_digest
      AND ledger.response_digest = claims.response_digest
     WHERE claims.run_id = ? AND claims.expires_ms IS NULL`,
    runId,
  );
  const entries = rows.map((row) => ({ entry: entryOf(row), place: placeOf(row) }));
  return entries
    .filter(({ entry }) => nameIn(entry.provenance) === rewardModel)
    .toSorted((a, b) => later(a.place, b.place) || (a.entry.responseDigest < b.entry.responseDigest ? -1 : 1))
    .slice(0, countMax)
    .map(({ entry }) => entry);
}

interface Place {
  readonly isTraining: boolean;
  readonly iteration: number;
  readonly unit: number;
}

/** From a unit's name, `iteration/phase/unit`; a phase may hold slashes. */
function placeOf(row: SqlRow): Place {
  const parts = String(row['buyer']).split('/');
  return {
    isTraining: row['purpose'] === 'training',
    iteration: Number(parts[0]),
    unit: Number(parts.at(-1)),
  };
}

function later(a: Place, b: Place): number {
  return Number(b.isTraining) - Number(a.isTraining) || b.iteration - a.iteration || b.unit - a.unit;
}

function nameIn(provenance: string): unknown {
  return (JSON.parse(provenance) as Readonly<Record<string, unknown>>)['rewardModel'];
}
