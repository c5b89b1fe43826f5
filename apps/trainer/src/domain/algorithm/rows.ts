/**
 * @file The rows of a run: one preference pair each, named by its place in the file and never by its text, since two rows
 * may ask the same.
 */
import { Rng } from '#core';
import type { Prompt } from '#contracts/common';

export interface PreferenceRow {
  /** Unique within the run and the same in every run on this file. */
  readonly id: string;
  readonly prompt: Prompt;
  readonly chosen: string;
  readonly rejected: string;
  /** Where the pair comes from, if the data says; for the report alone. */
  readonly source?: string;
}

/** Seeded order of all rows, cut to `rowsMax`. */
export function orderedRows(
  rows: readonly PreferenceRow[],
  { seed, rowsMax }: { readonly seed: number; readonly rowsMax: number | null },
): PreferenceRow[] {
  return new Rng(seed, 'rows').shuffled(rows).slice(0, rowsMax ?? rows.length);
}

/** Rows of one iteration: the parts are contiguous, disjoint, together everything, and differ in size by at most one. */
export function partOf<T>(
  rows: readonly T[],
  { iteration, iterations }: { iteration: number; iterations: number },
): T[] {
  const bound = (part: number) => Math.floor((part * rows.length) / iterations);
  return rows.slice(bound(iteration), bound(iteration + 1));
}

/** Groups of `size` in order; the last may be smaller. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
