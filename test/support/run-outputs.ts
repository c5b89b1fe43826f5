/** @file What a run has left in its directory, to be compared with what another one left. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReportData } from '#report';

export interface RunOutputs {
  /** The bytes of its tensors. */
  readonly adapter: Buffer;
  /** Rows in the order of their keys. */
  readonly ledger: readonly Readonly<Record<string, unknown>>[];
  readonly report: ReportData;
}

export function runOutputs(runDirectory: string): RunOutputs {
  const database = new DatabaseSync(join(runDirectory, 'run.sqlite'), { readOnly: true });
  const ledger = database.prepare('SELECT * FROM ledger ORDER BY 1, 2, 3').all();
  database.close();
  return {
    adapter: readFileSync(join(runDirectory, 'adapter', 'adapter_model.safetensors')),
    ledger,
    report: JSON.parse(readFileSync(join(runDirectory, 'report.json'), 'utf8')) as ReportData,
  };
}
