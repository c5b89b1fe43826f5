/** @file Tables in plain text. */

/** Columns to the left, the others to the right, two blanks between; ends with a line break. */
export function textTable(rows: readonly (readonly string[])[], { leftCount = 1 }: TableOptions = {}): string {
  const columnCount = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columnCount }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), 0),
  );
  const lineOf = (row: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return column < leftCount ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${lineOf(row)}\n`).join('');
}

export interface TableOptions {
  /** Columns that are aligned to the left, from the first on. @default 1 */
  readonly leftCount?: number;
}
