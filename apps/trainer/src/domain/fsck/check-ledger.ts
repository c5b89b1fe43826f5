/** @file Every score of a ledger against its digest. */
import { epochIn, modelIn } from '../rewards/score-origins.js';
import type { LedgerEntry } from '../storage/ledger.js';
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
        const entry = entryOf(row);
        if (!Number.isFinite(entry.score)) throw new TypeError(`expected a finite score, found ${entry.score}`);
        checkProvenance(entry);
      } catch (error) {
        findings.damage(place, (error as Error).message, REMEDY);
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = ['weights_digest', 'prompt_digest', 'response_digest'].map((name) => String(last[name]));
  }
}

/** The score is of the model that it is filed under, and says of which epoch. */
function checkProvenance({ weightsDigest, provenance }: LedgerEntry): void {
  const model = modelIn(provenance);
  if (model !== weightsDigest)
    throw new TypeError(`expected a score of ${weightsDigest}, found one of ${model || 'none'}`);
  if (epochIn(provenance) === '0') throw new TypeError('expected the epoch that a score is of, found none');
}
