/** @file The journal in a SQL database. */
import { assert, type Digest } from '#core';
import { RunningTotals, type JournalTotals } from '../journal-totals.js';
import {
  unitName,
  type Journal,
  type JournalCommit,
  type MetaUpdateRecord,
  type StepRecord,
  type UnitKey,
  type UnitLatency,
} from '../journal.js';
import { metaStateDigest, stepDigest, unitDigest } from '../row-digests.js';
import { JournalDamagedError, JournalMismatchError } from '../storage.errors.js';
import { commitStatements } from './commit-statements.js';
import type { SqlDatabase, SqlRow } from './sql-database.js';

export class SqlJournal implements Journal {
  private constructor(
    private readonly database: SqlDatabase,
    private readonly running: RunningTotals,
  ) {}

  static async open(database: SqlDatabase): Promise<SqlJournal> {
    const steps = await database.all('SELECT count(*) AS count FROM steps');
    const updates = await database.all('SELECT count(*) AS count FROM meta_updates WHERE loss IS NOT NULL');
    const counters = await database.all('SELECT name, value FROM counters');
    const values = new Map(counters.map((row) => [String(row['name']), Number(row['value'])]));
    return new SqlJournal(database, new RunningTotals(countOf(steps), countOf(updates), values));
  }

  get totals(): JournalTotals {
    return this.running;
  }

  async commit(commit: JournalCommit): Promise<void> {
    const statements = commitStatements(commit);
    assert(statements.length > 0, 'a commit says something');
    await this.database.batch(statements);
    this.running.add(commit);
  }

  async result(key: UnitKey, requestDigest: Digest): Promise<Uint8Array | undefined> {
    const [row] = await this.database.all(
      'SELECT request_digest, result, digest FROM units WHERE iteration = ? AND phase = ? AND unit = ?',
      key.iteration,
      key.phase,
      key.unit,
    );
    if (row && row['request_digest'] !== requestDigest) throw new JournalMismatchError(unitName(key));
    const result = (row?.['result'] as Uint8Array | null | undefined) ?? undefined;
    if (result && unitDigest({ key, requestDigest, result }) !== row?.['digest']) {
      throw new JournalDamagedError(`the result of unit ${unitName(key)}`);
    }
    return result;
  }

  async unitCount(iteration: number, phase: string): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM units WHERE iteration = ? AND phase = ?';
    return countOf(await this.database.all(sql, iteration, phase));
  }

  async unitCountBelow(phasePrefix: string): Promise<number> {
    const sql = 'SELECT count(*) AS count FROM units WHERE substr(phase, 1, ?) = ?';
    return countOf(await this.database.all(sql, phasePrefix.length, phasePrefix));
  }

  async latencies(): Promise<UnitLatency[]> {
    const rows = await this.database.all('SELECT phase, elapsed_ms FROM units ORDER BY phase, elapsed_ms');
    return rows.map((row) => ({ phase: String(row['phase']), elapsedMs: Number(row['elapsed_ms']) }));
  }

  async steps(iteration: number, phase: string): Promise<StepRecord[]> {
    const sql = 'SELECT * FROM steps WHERE iteration = ? AND phase = ? ORDER BY step';
    return (await this.database.all(sql, iteration, phase)).map(stepOf);
  }

  async adapterArtifact(adapter: Digest): Promise<Digest | undefined> {
    const sql = `SELECT adapter_artifact FROM steps WHERE adapter_digest = ? AND adapter_artifact IS NOT NULL LIMIT 1`;
    const [row] = await this.database.all(sql, adapter);
    return row?.['adapter_artifact'] as Digest | undefined;
  }

  async artifactsInUse(): Promise<Set<Digest>> {
    const rows = await this.database.all(
      `SELECT adapter_artifact AS artifact FROM steps AS s
         WHERE step = (SELECT max(step) FROM steps
                         WHERE iteration = s.iteration AND phase = s.phase AND adapter_artifact IS NOT NULL)
       UNION SELECT moments_artifact FROM steps WHERE moments_artifact IS NOT NULL`,
    );
    return new Set(rows.map((row) => row['artifact'] as Digest));
  }

  async metaStates(): Promise<MetaUpdateRecord[]> {
    return (await this.database.all('SELECT * FROM meta_updates ORDER BY version')).map(metaStateOf);
  }

  async wallTimes(): Promise<Map<string, number>> {
    const rows = await this.database.all('SELECT phase, sum(wall_ms) AS wall FROM phases GROUP BY phase');
    return new Map(rows.map((row) => [String(row['phase']), Number(row['wall'])]));
  }

  async fact(name: string): Promise<string | undefined> {
    const [row] = await this.database.all('SELECT value FROM facts WHERE name = ?', name);
    return row?.['value'] as string | undefined;
  }
}

function countOf([row]: readonly SqlRow[]): number {
  return Number(row?.['count'] ?? 0);
}

/** A row of the steps, checked. @throws JournalDamagedError */
export function stepOf(row: SqlRow): StepRecord {
  const record: StepRecord = {
    iteration: Number(row['iteration']),
    phase: String(row['phase']),
    step: Number(row['step']),
    adapterDigest: row['adapter_digest'] as Digest,
    adapterArtifact: row['adapter_artifact'] as Digest | null,
    momentsArtifact: row['moments_artifact'] as Digest | null,
    learningRate: Number(row['learning_rate']),
    gradientNorm: Number(row['gradient_norm']),
    loss: Number(row['loss']),
    statistics: String(row['statistics']),
  };
  if (stepDigest(record) !== row['digest']) {
    throw new JournalDamagedError(`step ${record.step} of ${record.iteration}/${record.phase}`);
  }
  return record;
}

/** A row of the meta-learner's states, checked. @throws JournalDamagedError */
export function metaStateOf(row: SqlRow): MetaUpdateRecord {
  const record: MetaUpdateRecord = {
    version: Number(row['version']),
    iteration: Number(row['iteration']),
    state: String(row['state']),
    loss: row['loss'] as number | null,
    gradientNorm: row['gradient_norm'] as number | null,
  };
  if (metaStateDigest(record) !== row['digest']) {
    throw new JournalDamagedError(`state ${record.version} of the meta-learner`);
  }
  return record;
}
