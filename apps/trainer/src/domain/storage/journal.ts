/**
 * @file The journal: which units of work are done, with their results; which optimizer steps were taken; which states
 * the meta-learner had. A restart replays it and asks only for what is missing.
 */
import type { Digest } from '#core';
import type { RunDatabase } from './run-database.js';
import { JournalMismatchError } from './storage.errors.js';

/** Names a unit within its run. */
export interface UnitKey {
  readonly iteration: number;
  readonly phase: string;
  /** From 0, in the fixed order of the phase. */
  readonly unit: number;
}

/** One optimizer step as it was committed. */
export interface StepRecord {
  readonly iteration: number;
  readonly phase: string;
  /** From 0 within the phase. */
  readonly step: number;
  readonly adapterDigest: Digest;
  readonly adapterArtifact: Digest;
  readonly momentsArtifact: Digest | null;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Mean over the batch. */
  readonly loss: number;
  /** What the loss saw, row by row, as JSON. */
  readonly statistics: string;
}

export interface MetaUpdateRecord {
  readonly version: number;
  readonly iteration: number;
  /** Complete state, as JSON. */
  readonly state: string;
  /** Null for a state that no update made. */
  readonly loss: number | null;
  readonly gradientNorm: number | null;
}

export interface UnitLatency {
  readonly phase: string;
  readonly elapsedMs: number;
}

export function unitName({ iteration, phase, unit }: UnitKey): string {
  return `${iteration}/${phase}/${unit}`;
}

export class Journal {
  constructor(private readonly database: RunDatabase) {}

  /** @throws JournalMismatchError when the unit is there for another request. */
  result(key: UnitKey, requestDigest: Digest): Uint8Array | undefined {
    const row = this.database
      .sql('SELECT request_digest, result FROM units WHERE iteration = ? AND phase = ? AND unit = ?')
      .get(key.iteration, key.phase, key.unit);
    if (row && row['request_digest'] !== requestDigest) throw new JournalMismatchError(unitName(key));
    return (row?.['result'] as Uint8Array | null | undefined) ?? undefined;
  }

  /** Makes a result durable; `also` is written in the same transaction. */
  commitUnit(
    key: UnitKey,
    entry: { readonly requestDigest: Digest; readonly result: Uint8Array | null; readonly elapsedMs: number },
    also: () => void = () => {},
  ): void {
    this.database.commit(() => {
      also();
      this.database
        .sql('INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)')
        .run(key.iteration, key.phase, key.unit, entry.requestDigest, entry.result, entry.elapsedMs);
    });
  }

  unitCount(iteration: number, phase: string): number {
    const row = this.database
      .sql('SELECT count(*) AS count FROM units WHERE iteration = ? AND phase = ?')
      .get(iteration, phase);
    return Number(row?.['count'] ?? 0);
  }

  /** Units of all phases whose names begin with a text. */
  unitCountBelow(phasePrefix: string): number {
    const row = this.database
      .sql('SELECT count(*) AS count FROM units WHERE substr(phase, 1, ?) = ?')
      .get(phasePrefix.length, phasePrefix);
    return Number(row?.['count'] ?? 0);
  }

  /** Forgets a phase that failed as a whole, so that the next start asks again. */
  forgetUnits(iteration: number, phase: string): void {
    this.database.commit(() => {
      this.database.sql('DELETE FROM units WHERE iteration = ? AND phase = ?').run(iteration, phase);
    });
  }

  latencies(): UnitLatency[] {
    const rows = this.database.sql('SELECT phase, elapsed_ms FROM units ORDER BY phase, elapsed_ms').all();
    return rows.map((row) => ({ phase: String(row['phase']), elapsedMs: Number(row['elapsed_ms']) }));
  }

  /** Commits a step and drops the results of the gradient units that led to it: the step holds what they were for. */
  commitStep(
    record: StepRecord,
    gradientUnits: readonly { key: UnitKey; requestDigest: Digest; elapsedMs: number }[],
  ): void {
    this.database.commit(() => {
      const unit = this.database.sql(
        `INSERT INTO units VALUES (?, ?, ?, ?, NULL, ?)
         ON CONFLICT (iteration, phase, unit) DO UPDATE SET result = NULL`,
      );
      for (const { key, requestDigest, elapsedMs } of gradientUnits) {
        unit.run(key.iteration, key.phase, key.unit, requestDigest, elapsedMs);
      }
      this.database
        .sql('INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          record.iteration,
          record.phase,
          record.step,
          record.adapterDigest,
          record.adapterArtifact,
          record.momentsArtifact,
          record.learningRate,
          record.gradientNorm,
          record.loss,
          record.statistics,
        );
      // The moments of earlier steps of the phase are of no more use.
      this.database
        .sql('UPDATE steps SET moments_artifact = NULL WHERE iteration = ? AND phase = ? AND step < ?')
        .run(record.iteration, record.phase, record.step);
    });
  }

  /** Steps of a phase in order. */
  steps(iteration: number, phase: string): StepRecord[] {
    const rows = this.database
      .sql('SELECT * FROM steps WHERE iteration = ? AND phase = ? ORDER BY step')
      .all(iteration, phase);
    return rows.map((row) => ({
      iteration: Number(row['iteration']),
      phase: String(row['phase']),
      step: Number(row['step']),
      adapterDigest: row['adapter_digest'] as Digest,
      adapterArtifact: row['adapter_artifact'] as Digest,
      momentsArtifact: row['moments_artifact'] as Digest | null,
      learningRate: Number(row['learning_rate']),
      gradientNorm: Number(row['gradient_norm']),
      loss: Number(row['loss']),
      statistics: String(row['statistics']),
    }));
  }

  /** The optimizer's moments are of no more use once its phase has ended. */
  dropMoments(iteration: number, phase: string): void {
    this.database.commit(() => {
      this.database
        .sql('UPDATE steps SET moments_artifact = NULL WHERE iteration = ? AND phase = ?')
        .run(iteration, phase);
    });
  }

  /** Where the tensors of an adapter that a step made lie. */
  adapterArtifact(adapter: Digest): Digest | undefined {
    const row = this.database.sql('SELECT adapter_artifact FROM steps WHERE adapter_digest = ? LIMIT 1').get(adapter);
    return row?.['adapter_artifact'] as Digest | undefined;
  }

  stepCount(): number {
    return Number(this.database.sql('SELECT count(*) AS count FROM steps').get()?.['count'] ?? 0);
  }

  /** Artifacts that a later step, reference or report may need: the last adapter of each phase, and the last moments. */
  artifactsInUse(): Set<Digest> {
    const rows = this.database
      .sql(
        `SELECT adapter_artifact AS artifact FROM steps AS s
           WHERE step = (SELECT max(step) FROM steps WHERE iteration = s.iteration AND phase = s.phase)
         UNION SELECT moments_artifact FROM steps WHERE moments_artifact IS NOT NULL`,
      )
      .all();
    return new Set(rows.map((row) => row['artifact'] as Digest));
  }

  commitMetaState(record: MetaUpdateRecord): void {
    this.database.commit(() => {
      this.database
        .sql('INSERT INTO meta_updates VALUES (?, ?, ?, ?, ?)')
        .run(record.version, record.iteration, record.state, record.loss, record.gradientNorm);
    });
  }

  /** States of the meta-learner in order, from its creation on. */
  metaStates(): MetaUpdateRecord[] {
    const rows = this.database.sql('SELECT * FROM meta_updates ORDER BY version').all();
    return rows.map((row) => ({
      version: Number(row['version']),
      iteration: Number(row['iteration']),
      state: String(row['state']),
      loss: row['loss'] as number | null,
      gradientNorm: row['gradient_norm'] as number | null,
    }));
  }

  metaUpdateCount(): number {
    const row = this.database.sql('SELECT count(*) AS count FROM meta_updates WHERE loss IS NOT NULL').get();
    return Number(row?.['count'] ?? 0);
  }

  addWallTime(iteration: number, phase: string, wallMs: number): void {
    this.database.commit(() => {
      this.database
        .sql('INSERT INTO phases VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET wall_ms = wall_ms + excluded.wall_ms')
        .run(iteration, phase, wallMs);
    });
  }

  /** Wall time by phase, summed over iterations. */
  wallTimes(): Map<string, number> {
    const rows = this.database.sql('SELECT phase, sum(wall_ms) AS wall FROM phases GROUP BY phase').all();
    return new Map(rows.map((row) => [String(row['phase']), Number(row['wall'])]));
  }

  fact(name: string): string | undefined {
    return this.database.sql('SELECT value FROM facts WHERE name = ?').get(name)?.['value'] as string | undefined;
  }

  setFact(name: string, value: string): void {
    this.database.commit(() => {
      this.database
        .sql('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
        .run(name, value);
    });
  }
}
