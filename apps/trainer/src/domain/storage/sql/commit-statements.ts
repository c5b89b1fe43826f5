/** @file A commit of the journal as the statements that write it. */
import type { JournalCommit, MetaUpdateRecord, SpentUnit, StepRecord, UnitEntry } from '../journal.js';
import { metaStateDigest, stepDigest, unitDigest } from '../row-digests.js';
import { notesOf } from '../unit-note.js';
import type { Statement } from './sql-database.js';

export function commitStatements(commit: JournalCommit): Statement[] {
  const { forgottenUnits, units = [], spentUnits = [], step, spentMoments, metaState, wallTime } = commit;
  const statements: Statement[] = [];
  if (forgottenUnits) {
    const { iteration, phase } = forgottenUnits;
    const sql = 'DELETE FROM units WHERE iteration = ? AND phase IN (?, ?)';
    statements.push({ sql, values: [iteration, phase, notesOf(phase)] });
  }
  statements.push(...units.map(unitStatement), ...spentUnits.map(spentUnitStatement));
  if (step) statements.push(...stepStatements(step));
  if (spentMoments) {
    const { iteration, phase } = spentMoments;
    const sql = 'UPDATE steps SET moments_artifact = NULL WHERE iteration = ? AND phase = ?';
    statements.push({ sql, values: [iteration, phase] });
  }
  if (metaState) statements.push(metaStatement(metaState));
  for (const [name, by] of Object.entries(commit.counters ?? {})) {
    if (by !== 0) statements.push({ sql: ADD_TO_COUNTER, values: [name, by] });
  }
  for (const [name, value] of Object.entries(commit.facts ?? {})) {
    statements.push({ sql: SET_FACT, values: [name, value] });
  }
  if (wallTime) {
    statements.push({ sql: ADD_WALL_TIME, values: [wallTime.iteration, wallTime.phase, wallTime.wallMs] });
  }
  return statements;
}

const ADD_TO_COUNTER =
  'INSERT INTO counters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value';
const SET_FACT = 'INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
const ADD_WALL_TIME = `INSERT INTO phases VALUES (?, ?, ?)
  ON CONFLICT (iteration, phase) DO UPDATE SET wall_ms = phases.wall_ms + excluded.wall_ms`;

function unitStatement(entry: UnitEntry): Statement {
  const { key, requestDigest, result, elapsedMs } = entry;
  return {
    sql: 'INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?)',
    values: [key.iteration, key.phase, key.unit, requestDigest, result, unitDigest(entry), elapsedMs],
  };
}

function spentUnitStatement({ key, requestDigest, elapsedMs }: SpentUnit): Statement {
  return {
    sql: `INSERT INTO units VALUES (?, ?, ?, ?, NULL, NULL, ?)
          ON CONFLICT (iteration, phase, unit) DO UPDATE SET result = NULL, digest = NULL`,
    values: [key.iteration, key.phase, key.unit, requestDigest, elapsedMs],
  };
}

function stepStatements(record: StepRecord): Statement[] {
  const { iteration, phase, step, momentsArtifact } = record;
  const insert: Statement = {
    sql: 'INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    values: [
      iteration,
      phase,
      step,
      record.adapterDigest,
      record.adapterArtifact,
      momentsArtifact,
      record.learningRate,
      record.gradientNorm,
      record.loss,
      record.statistics,
      stepDigest(record),
    ],
  };
  if (momentsArtifact === null) return [insert];
  const sql = 'UPDATE steps SET moments_artifact = NULL WHERE iteration = ? AND phase = ? AND step < ?';
  return [insert, { sql, values: [iteration, phase, step] }];
}

function metaStatement(record: MetaUpdateRecord): Statement {
  const { version, iteration, state, loss, gradientNorm } = record;
  return {
    sql: 'INSERT INTO meta_updates VALUES (?, ?, ?, ?, ?, ?)',
    values: [version, iteration, state, loss, gradientNorm, metaStateDigest(record)],
  };
}
