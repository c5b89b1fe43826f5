/** @file Every score of a ledger against its digest. */
import { entryOf } from '../storage/sql/sql-ledger.js';
import type { SqlDatabase } from '../storage/sql/sql-database.js';
import type { Findings } from './finding.js';

/** Rows that are read at a time; a shared ledger may hold millions. */
const PAGE_ROWS = 1000;

const REMEDY = 'restore the ledger from a copy, or delete the row, and what it names is paid for again';

export async function checkLedger(database: SqlDatabase, place: string, findings: Findings): Promise<void> {
  let after = ['', '', ''];
  for (;;) {
    const rows = await database.all(
      `SELECT * FROM ledger WHERE (weights_digest, prompt_digest, response_digest) > (?, ?, ?)
       ORDER BY weights_digest, prompt_digest, response_digest LIMIT ${PAGE_ROWS}`,
      ...after,
    );
    for (const row of rows) {
      findings.checked.scores += 1;
      try {
        const { score } = entryOf(row);
        if (!Number.isFinite(score)) throw new TypeError(`expected a finite score, found ${score}`);
      } catch (error) {
        findings.damage(place, (error as Error).message, REMEDY);
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = ['weights_digest', 'prompt_digest', 'response_digest'].map((name) => String(last[name]));
  }
}
