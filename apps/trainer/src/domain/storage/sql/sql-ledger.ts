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

/** Keys of one statement; a unit has some tens. */
const STATEMENT_KEYS_MAX = 64;

const IS_WANTED = (table: string) =>
  `${table}.weights_digest = w AND ${table}.prompt_digest = p AND ${table}.response_digest = r`;

/** The keys as a table; one question to a server on the network instead of one per key. */
function wanted(keyCount: number): string {
  return `WITH wanted (w, p, r) AS (VALUES ${Array.from({ length: keyCount }, () => '(?, ?, ?)').join(', ')})`;
}

const SCORES = `SELECT w, p, r, ledger.* FROM wanted JOIN ledger ON ${IS_WANTED('ledger')}`;

/**
 * Takes what nobody has bought and nobody asks for, what was asked for too long ago, and what the same run asked for. In the
 * order of keys: two runs that lock the same rows of PostgreSQL in different orders would wait for each other.
 */
const CLAIM = `INSERT INTO claims
  SELECT w, p, r, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS DOUBLE PRECISION) FROM wanted
  WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE ${IS_WANTED('ledger')})
  ORDER BY w, p, r
  ON CONFLICT (weights_digest, prompt_digest, response_digest) DO UPDATE
    SET run_id = excluded.run_id, attempt = excluded.attempt, unit = excluded.unit, expires_ms = excluded.expires_ms
    WHERE claims.expires_ms <= ?
       OR (claims.run_id = excluded.run_id AND (claims.attempt < excluded.attempt OR claims.unit = excluded.unit))`;

const CLAIMED = `SELECT w, p, r, ledger.*, claims.run_id, claims.attempt, claims.unit, claims.expires_ms FROM wanted
  LEFT JOIN ledger ON ${IS_WANTED('ledger')} LEFT JOIN claims ON ${IS_WANTED('claims')}`;

export class SqlLedger implements Ledger {
  constructor(
    private readonly database: SqlDatabase,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {}

  async scores(keys: readonly LedgerKey[]): Promise<(number | undefined)[]> {
    return (await this.entries(keys)).map((entry) => entry?.score);
  }

  async entries(keys: readonly LedgerKey[]): Promise<(LedgerEntry | undefined)[]> {
    const rows = await this.rowsOf(SCORES, keys);
    return keys.map((key) => {
      const row = rows.get(nameOf(key));
      return row && entryOf(row);
    });
  }

  async claim(keys: readonly LedgerKey[], buyer: Buyer): Promise<Claim[]> {
    const nowMs = this.clock.nowMs();
    const { runId, attempt, unit } = buyer;
    const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
    await this.database.batch(
      chunked(inOrder(distinct)).map((chunk): Statement => {
        const values: SqlValue[] = [...chunk.flatMap(keyValues), runId, attempt, unit, nowMs + LEASE_MS, nowMs];
        return { sql: `${wanted(chunk.length)} ${CLAIM}`, values };
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
    const rows = await this.rowsOf(CLAIMED, keys);
    return keys.map((key) => present(rows.get(nameOf(key)), 'a row for the key'));
  }

  /** What a statement says of the keys, by their names. */
  private async rowsOf(sql: string, keys: readonly LedgerKey[]): Promise<Map<string, SqlRow>> {
    const rows = new Map<string, SqlRow>();
    for (const chunk of chunked(keys)) {
      const found = await this.database.all(`${wanted(chunk.length)} ${sql}`, ...chunk.flatMap(keyValues));
      for (const row of found) rows.set([row['w'], row['p'], row['r']].join(' '), row);
    }
    return rows;
  }
}

function chunked<K>(keys: readonly K[]): K[][] {
  const chunks: K[][] = [];
  for (let start = 0; start < keys.length; start += STATEMENT_KEYS_MAX) {
    chunks.push(keys.slice(start, start + STATEMENT_KEYS_MAX));
  }
  return chunks;
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

function inOrder<K extends LedgerKey>(keys: readonly K[]): K[] {
  return keys.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf(key: LedgerKey): string {
  return keyValues(key).join(' ');
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
