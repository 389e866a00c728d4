import { stripVTControlCharacters } from 'node:util';

/** Text in columns, each as wide as its widest cell; colours don't count. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const length = (cell: string): number => stripVTControlCharacters(cell).length;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => length(row[i] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - length(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
