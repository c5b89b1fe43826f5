/** @file Whole toy runs whose reward model is swapped in mid-run, and what was paid for. For specs. */
import { equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReportData } from '#report';
import { CrashPoint } from './crash-point.js';
import { RememberingReward, toyScore } from './toy-reward.js';
import { temporaryFolder, toyRun, toyServices, type ToyServices } from './toy-run.js';

export const FIRST = 'sha256:toy';
export const NEXT = 'sha256:next';

/** Scores of other signs, in another range: a pair of both would show. */
export const opposite = (text: string): number => 100 - toyScore(text);

export interface Paid {
  readonly model: string;
  readonly epoch: string;
  /** `iteration/phase/unit`. */
  readonly unit: string;
}

export class SwappedRun {
  readonly folder = temporaryFolder();
  readonly reward = new RememberingReward();
  readonly services: ToyServices = { ...toyServices(), reward: this.reward };

  /** Promotes another model when an annotation unit of an iteration is asked for; the one before may go at once. */
  promoteIn(iteration: number, { unit = 0, retires = false } = {}): void {
    let isDone = false;
    this.reward.beforeCall = ({ requestId }) => {
      if (isDone || !requestId.includes(`/${iteration}/annotate/${unit}/`)) return;
      isDone = true;
      this.reward.promote('toy', NEXT, opposite);
      if (retires) this.reward.retire('toy', 1);
    };
  }

  async run(policy: string, more: readonly string[] = [], crash = new CrashPoint()) {
    const overrides = [`reward_swaps=${policy}`, ...more];
    return await toyRun({ folder: this.folder, services: this.services, overrides, crash });
  }

  get report(): ReportData {
    return JSON.parse(readFileSync(join(this.folder, 'run', 'report.json'), 'utf8')) as ReportData;
  }

  get adapter(): Buffer {
    return readFileSync(join(this.folder, 'run', 'adapter', 'adapter_model.safetensors'));
  }

  /** What was paid for, and by which unit. */
  get paid(): readonly Paid[] {
    const database = new DatabaseSync(join(this.folder, 'run', 'run.sqlite'), { readOnly: true });
    const rows = database
      .prepare(
        `SELECT weights_digest, provenance, unit FROM ledger JOIN claims USING (weights_digest, prompt_digest, response_digest)`,
      )
      .all();
    database.close();
    return rows.map((row) => ({
      model: String(row['weights_digest']),
      epoch: (JSON.parse(String(row['provenance'])) as { epoch: string }).epoch,
      unit: String(row['unit']),
    }));
  }

  /** Models that units of a kind have paid for, each once. */
  modelsOf(units: RegExp): string[] {
    return [
      ...new Set(this.paid.filter(({ unit }) => units.test(unit)).map(({ model, epoch }) => `${model} ${epoch}`)),
    ];
  }
}

/** A run in which nothing happens. */
export async function undisturbed(): Promise<SwappedRun> {
  const run = new SwappedRun();
  equal((await run.run('pin')).state, 'succeeded');
  return run;
}
