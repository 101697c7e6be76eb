/**
 * Rows of cells as lines, each column as wide as its widest cell. The last column is left as it is, so that no line ends
 * in spaces.
 *
 * @param widthOf - the width of a cell on the terminal, for cells that hold colours
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  widthOf: (cell: string) => number = (cell) => cell.length,
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}
