/**
 * @file The ledger in a SQL database, safe for several processes at once: whether a claim is granted is decided by one
 * conditional statement within a transaction.
 */
import { present, type Clock, type Digest } from '#core';
import type { Buyer, Claim, HeldScore, Ledger, LedgerEntry, LedgerKey, Purpose } from '../ledger.js';
import { ledgerDigest } from '../row-digests.js';
import { LedgerDamagedError } from '../storage.errors.js';
import type { SqlDatabase, SqlRow, SqlValue, Statement } from './sql-database.js';

/**
 * How long a claim lasts unless it is extended. A buyer extends it while its call is under way, so this is only how long
 * others wait for one that died.
 */
export const LEASE_MS = 30_000;

const IS_KEY = 'weights_digest = ? AND prompt_digest = ? AND response_digest = ?';

/** Takes what nobody has bought and nobody asks for, what was asked for too long ago, and what the same run asked for. */
const CLAIM = `INSERT INTO claims
  SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT),
         CAST(? AS DOUBLE PRECISION)
  WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE ${IS_KEY})
  ON CONFLICT (weights_digest, prompt_digest, response_digest) DO UPDATE
    SET run_id = excluded.run_id, attempt = excluded.attempt, unit = excluded.unit, expires_ms = excluded.expires_ms
    WHERE claims.expires_ms <= ?
       OR (claims.run_id = excluded.run_id AND (claims.attempt < excluded.attempt OR claims.unit = excluded.unit))`;

const CLAIMED = `SELECT ledger.*, claims.run_id, claims.attempt, claims.unit, claims.expires_ms
  FROM (SELECT CAST(? AS TEXT) AS w, CAST(? AS TEXT) AS p, CAST(? AS TEXT) AS r) AS wanted
  LEFT JOIN ledger ON ledger.weights_digest = w AND ledger.prompt_digest = p AND ledger.response_digest = r
  LEFT JOIN claims ON claims.weights_digest = w AND claims.prompt_digest = p AND claims.response_digest = r`;

export class SqlLedger implements Ledger {
  constructor(
    private readonly database: SqlDatabase,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async scores(keys: readonly LedgerKey[]): Promise<(number | undefined)[]> {
    const scores: (number | undefined)[] = [];
    for (const key of keys) {
      const [row] = await this.database.all(`SELECT * FROM ledger WHERE ${IS_KEY}`, ...keyValues(key));
      scores.push(row ? entryOf(row).score : undefined);
    }
    return scores;
  }

  async claim(keys: readonly LedgerKey[], buyer: Buyer): Promise<Claim[]> {
    const nowMs = this.clock.nowMs();
    const { runId, attempt, unit } = buyer;
    await this.database.batch(
      inOrder(keys).map((key): Statement => {
        const claimed: SqlValue[] = [...keyValues(key), runId, attempt, unit, nowMs + LEASE_MS];
        return { sql: CLAIM, values: [...claimed, ...keyValues(key), nowMs] };
      }),
    );
    return (await this.claimed(keys)).map((row) => claimOf(row, buyer));
  }

  /** What is held already, in the order of the keys; undefined where it is not. @throws LedgerDamagedError */
  async held(keys: readonly LedgerKey[], { runId, unit }: Buyer): Promise<(HeldScore | undefined)[]> {
    return (await this.claimed(keys)).map((row) => heldScoreOf(row, row['run_id'] === runId && row['unit'] === unit));
  }

  async add(entries: readonly LedgerEntry[], { buyer, purpose }: { buyer: Buyer; purpose: Purpose }): Promise<void> {
    if (entries.length === 0) return;
    const { runId, attempt, unit } = buyer;
    const statements = inOrder(entries).flatMap((entry): Statement[] => [
      {
        sql: `INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, NULL)
              ON CONFLICT (weights_digest, prompt_digest, response_digest) DO UPDATE
                SET run_id = excluded.run_id, attempt = excluded.attempt, unit = excluded.unit, expires_ms = NULL
                WHERE claims.expires_ms IS NOT NULL`,
        values: [...keyValues(entry), runId, attempt, unit],
      },
      {
        sql: 'INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        values: rowOf(entry, purpose),
      },
    ]);
    await this.database.batch(statements);
  }

  async release({ runId, unit }: Buyer): Promise<void> {
    const sql = 'DELETE FROM claims WHERE run_id = ? AND unit = ? AND expires_ms IS NOT NULL';
    await this.database.batch([{ sql, values: [runId, unit] }]);
  }

  private async claimed(keys: readonly LedgerKey[]): Promise<SqlRow[]> {
    const rows: SqlRow[] = [];
    for (const key of keys) {
      const [row] = await this.database.all(CLAIMED, ...keyValues(key));
      rows.push(present(row, 'a row for the key'));
    }
    return rows;
  }
}

function claimOf(row: SqlRow, { runId, attempt, unit }: Buyer): Claim {
  const isSameUnit = row['run_id'] === runId && row['unit'] === unit;
  const held = heldScoreOf(row, isSameUnit);
  if (held) return held;
  if (isSameUnit && Number(row['attempt']) === attempt) return { kind: 'granted' };
  return { kind: 'elsewhere', untilMs: Number(row['expires_ms']) };
}

function heldScoreOf(row: SqlRow, own: boolean): HeldScore | undefined {
  return row['score'] === null ? undefined : { kind: 'held', score: entryOf(row).score, own };
}

/** Always the same order: two runs that lock the same rows of PostgreSQL in different orders would wait for each other. */
function inOrder<K extends LedgerKey>(keys: readonly K[]): K[] {
  return keys.toSorted((a, b) => (keyValues(a).join() < keyValues(b).join() ? -1 : 1));
}

function keyValues({ weightsDigest, promptDigest, responseDigest }: LedgerKey): string[] {
  return [weightsDigest, promptDigest, responseDigest];
}

function rowOf(entry: LedgerEntry, purpose: Purpose): SqlValue[] {
  const json = JSON.stringify(entry.components, Object.keys(entry.components).sort());
  return [...keyValues(entry), entry.score, json, entry.provenance, purpose, ledgerDigest(entry)];
}

/** A row of the ledger, checked. @throws LedgerDamagedError */
export function entryOf(row: SqlRow): LedgerEntry {
  const where = `${String(row['prompt_digest'])} ${String(row['response_digest'])}`;
  const entry: LedgerEntry = {
    weightsDigest: String(row['weights_digest']),
    promptDigest: row['prompt_digest'] as Digest,
    responseDigest: row['response_digest'] as Digest,
    score: Number(row['score']),
    components: componentsOf(String(row['components']), where),
    provenance: String(row['provenance']),
  };
  if (ledgerDigest(entry) !== row['digest']) throw new LedgerDamagedError(where);
  return entry;
}

function componentsOf(json: string, where: string): Record<string, number> {
  try {
    return JSON.parse(json) as Record<string, number>;
  } catch (cause) {
    throw new LedgerDamagedError(where, cause);
  }
}
