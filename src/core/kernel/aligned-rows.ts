/** Rows of cells as lines whose columns begin below each other, two spaces between them, for a terminal. */
export function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const cells of rows)
    for (const [column, { length }] of cells.entries())
      widths[column] = Math.max(widths[column] ?? 0, length);
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
