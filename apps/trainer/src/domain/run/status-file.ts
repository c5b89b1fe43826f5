/**
 * @file Keeps `status.json` of a run's directory up to date, for those who look at the directory: at every phase, at most
 * once a second in between, and durably at the end. The journal is what counts; while the run goes on, a status that
 * cannot be written is left out.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '#core';
import { STATUS_FILE, encodeStatus } from '#run-directory';
import { writeDurably } from '../storage/durable-file.js';
import type { RunDirectory } from './run-directory.js';
import type { RunSnapshot } from './run-snapshot.js';

const INTERVAL_MS = 1_000;

export class StatusFile {
  private readonly path: string;
  private writtenMs = Number.NEGATIVE_INFINITY;

  constructor(
    /** Its status is another process's once that has taken it. */
    private readonly directory: Pick<RunDirectory, 'path' | 'taken'>,
    /** Digests of the files that the run reads. */
    private readonly inputs: Readonly<Record<string, Digest>>,
  ) {
    this.path = join(directory.path, STATUS_FILE);
  }

  /** Writes how the run stands, unless that was written a moment ago. */
  follow(snapshot: RunSnapshot, nowMs: number, { always }: { readonly always: boolean }): void {
    if (this.directory.taken.aborted) return;
    if (!always && nowMs - this.writtenMs < INTERVAL_MS) return;
    this.writtenMs = nowMs;
    const partial = `${this.path}.partial`;
    try {
      writeFileSync(partial, this.text(snapshot, nowMs));
      renameSync(partial, this.path);
    } catch {
      rmSync(partial, { force: true });
    }
  }

  /** Writes how the run ended. @throws DiskFullError */
  async conclude(snapshot: RunSnapshot, nowMs: number): Promise<void> {
    if (this.directory.taken.aborted) return;
    await writeDurably(this.path, this.text(snapshot, nowMs));
  }

  private text(run: RunSnapshot, nowMs: number): string {
    return encodeStatus({
      run_id: run.runId,
      name: run.name,
      state: run.state === 'cancelling' ? 'running' : run.state,
      phase: run.phase,
      iteration: run.iteration,
      iterations_done: run.iterationsDone,
      iteration_count: run.iterationCount,
      annotations: run.annotationCount,
      annotations_ungated: run.annotationCountUngated,
      cost: run.cost ?? null,
      optimizer_steps: run.optimizerStepCount,
      config_digest: run.configDigest,
      inputs: { ...this.inputs },
      adapter_digest: run.adapterDigest,
      failure: run.failure ?? null,
      create_time: iso(run.createTimeMs),
      update_time: iso(nowMs),
      end_time: run.endTimeMs === undefined ? null : iso(run.endTimeMs),
    });
  }
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
