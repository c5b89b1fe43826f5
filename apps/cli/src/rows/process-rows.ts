/** @file Input rows to output rows, unit by unit, in input order; a bad row gets an error and spoils no other. */
import { messageOf } from '#core';
import { RowsFailedError } from '../cli.errors.js';
import type { Terminal } from '../terminal/terminal.js';
import { inputRow, type InputRow, type RowError, type RowId } from './input-row.js';
import { grouped, jsonLines } from './json-lines.js';
import { OutputFile } from './output-file.js';

/** A row of the output: the id of its input row and either a result or an error. */
export type OutputRow = { readonly id: RowId } & ({ readonly error: RowError } | Readonly<Record<string, unknown>>);

export interface ProcessRowsOptions {
  readonly input: string;
  readonly output: string;
  readonly kind: 'score' | 'generate';
  /** Rows computed as one unit, at most. */
  readonly unitItemsMax: number;
  readonly terminal: Terminal;
  /** Computes the rows of one unit; gives one output row for each, in order. */
  readonly compute: (rows: readonly InputRow[]) => Promise<readonly OutputRow[]>;
}

/** Processes a whole file. @throws RowsFailedError at the end when rows failed */
export async function processRows(options: ProcessRowsOptions): Promise<void> {
  const { input, output, kind, unitItemsMax, terminal, compute } = options;
  const file = await OutputFile.create(output);
  let rowCount = 0;
  let failedCount = 0;
  try {
    for await (const lines of grouped(jsonLines(input), unitItemsMax)) {
      const outcomes = lines.map((line) => inputRow(line, kind));
      const good = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.row] : []));
      const computed = good.length > 0 ? (await compute(good)).values() : [].values();
      const rows = outcomes.map((outcome): OutputRow => {
        if (!outcome.ok) return { id: outcome.id, error: outcome.error };
        return computed.next().value ?? { id: outcome.row.id, error: NO_ANSWER };
      });
      await file.write(rows);
      rowCount += rows.length;
      failedCount += rows.filter(hasFailed).length;
      if (terminal.isInteractive) terminal.err(`\r${rowCount} rows`);
    }
    await file.complete();
  } finally {
    await file.discard();
    if (terminal.isInteractive) terminal.err('\r\u001b[K');
  }
  if (failedCount > 0) throw new RowsFailedError(failedCount, rowCount, output);
  terminal.out(`${rowCount} rows written to ${output}\n`);
}

const NO_ANSWER: RowError = { code: 'INTERNAL', message: 'the policy service gave no answer for this row' };

/** True when the row, or one of its responses, has an error. */
function hasFailed(row: OutputRow): boolean {
  if ('error' in row) return true;
  const { responses } = row as { responses?: unknown };
  return Array.isArray(responses) && responses.some((response: object) => 'error' in response);
}

/** What an output row tells of a failure. */
export function rowErrorOf(thrown: unknown): RowError {
  const code = (thrown as { code?: unknown } | null)?.code;
  return { code: typeof code === 'string' ? code : 'INTERNAL', message: messageOf(thrown) };
}
