/** @file Every row of a journal against its digest, and the rows against each other. */
import type { Digest } from '#core';
import type { PurchaseOutcome } from '../phases/buy-scores.js';
import { modelIn } from '../rewards/score-origins.js';
import { metaStateOf, stepOf } from '../storage/sql/sql-journal.js';
import type { SqlDatabase, SqlRow } from '../storage/sql/sql-database.js';
import { unitDigest } from '../storage/row-digests.js';
import { unitName, type UnitKey } from '../storage/journal.js';
import { RESTORE_JOURNAL, type Findings } from './finding.js';

const PLACE = 'the journal';

export async function checkJournal(database: SqlDatabase, findings: Findings): Promise<void> {
  await checkSteps(database, findings);
  await checkUnits(database, findings);
  await checkMetaStates(database, findings);
}

async function checkUnits(database: SqlDatabase, findings: Findings): Promise<void> {
  const keys = await database.all('SELECT iteration, phase, unit FROM units ORDER BY iteration, phase, unit');
  const paid = new Map<string, number>();
  for (const row of keys) {
    const key = { iteration: Number(row['iteration']), phase: String(row['phase']), unit: Number(row['unit']) };
    const sql = 'SELECT request_digest, result, digest FROM units WHERE iteration = ? AND phase = ? AND unit = ?';
    const [held] = await database.all(sql, key.iteration, key.phase, key.unit);
    findings.checked.units += 1;
    // Null once the step that needed it was committed.
    const result = held?.['result'] as Uint8Array | null | undefined;
    if (!held || !result) continue;
    if (unitDigest({ key, requestDigest: held['request_digest'] as Digest, result }) !== held['digest']) {
      findings.damage(
        PLACE,
        `expected the result of unit ${unitName(key)} as it was written, found it altered`,
        RESTORE_JOURNAL,
      );
    } else if (/(^|\/)annotate/.test(key.phase)) {
      checkAnnotation(key, result, { paid, findings });
    }
  }
  await checkBill(database, paid, findings);
}

/** What an annotation unit says that it cost, and that one model gave all of its scores. */
function checkAnnotation(
  key: UnitKey,
  result: Uint8Array,
  { paid, findings }: { readonly paid: Map<string, number>; readonly findings: Findings },
): void {
  const outcome = JSON.parse(Buffer.from(result).toString('utf8')) as Partial<PurchaseOutcome>;
  const purpose = key.phase.startsWith('evaluate-') ? 'evaluation' : 'training';
  paid.set(purpose, (paid.get(purpose) ?? 0) + (outcome.paid ?? 0));
  const models = new Set(outcome.origins?.provenances.map(modelIn));
  if (models.size < 2) return;
  const problem = `expected the scores of unit ${unitName(key)} to be of one reward model, found ${[...models].join(' and ')}`;
  findings.damage(PLACE, problem, RESTORE_JOURNAL);
}

async function checkBill(database: SqlDatabase, paid: ReadonlyMap<string, number>, findings: Findings): Promise<void> {
  for (const [purpose, expected] of paid) {
    const [row] = await database.all('SELECT value FROM counters WHERE name = ?', `paid.${purpose}`);
    const counted = Number(row?.['value'] ?? 0);
    // Units of a phase that failed as a whole are forgotten; what they paid stays on the bill.
    if (counted >= expected) continue;
    const problem = `expected the counter paid.${purpose} to be at least ${expected}, the sum over its units, found ${counted}`;
    findings.damage(PLACE, problem, RESTORE_JOURNAL);
  }
}

async function checkSteps(database: SqlDatabase, findings: Findings): Promise<void> {
  const rows = await database.all('SELECT * FROM steps ORDER BY iteration, phase, step');
  const next = new Map<string, number>();
  for (const row of rows) {
    findings.checked.steps += 1;
    const step = whole(row, stepOf, findings);
    if (!step) continue;
    const phase = `${step.iteration}/${step.phase}`;
    const expected = next.get(phase) ?? 0;
    if (step.step !== expected) {
      findings.damage(PLACE, `expected step ${expected} of ${phase}, found step ${step.step}`, RESTORE_JOURNAL);
    }
    next.set(phase, step.step + 1);
  }
}

async function checkMetaStates(database: SqlDatabase, findings: Findings): Promise<void> {
  const rows = await database.all('SELECT * FROM meta_updates ORDER BY version');
  let last: number | undefined;
  for (const row of rows) {
    findings.checked.metaStates += 1;
    const state = whole(row, metaStateOf, findings);
    if (!state) continue;
    if (last !== undefined && state.version !== last + 1) {
      const problem = `expected state ${last + 1} of the meta-learner, found state ${state.version}`;
      findings.damage(PLACE, problem, RESTORE_JOURNAL);
    }
    last = state.version;
  }
}

/** The row as a record, undefined where it is not what was written. */
function whole<T>(row: SqlRow, recordOf: (row: SqlRow) => T, findings: Findings): T | undefined {
  try {
    return recordOf(row);
  } catch (error) {
    findings.damage(PLACE, (error as Error).message, RESTORE_JOURNAL);
    return undefined;
  }
}
