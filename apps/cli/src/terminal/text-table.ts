/** @file Tables in plain text. */

/** First column to the left, the others to the right, two blanks between; ends with a line break. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const columnCount = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columnCount }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), 0),
  );
  return rows.map((row) => `${lineOf(row, widths)}\n`).join('');
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return widths
    .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
    .join('  ')
    .trimEnd();
}
