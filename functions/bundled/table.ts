// Lays out columns as Go's tabwriter does, so that whoever reads docker-machine's output reads ours.

const tabWidth = 8;

/** Two columns with tabs between, as in docker-machine's help. */
export function alignWithTabs(rows: readonly (readonly [string, string])[]): string[] {
  const widest = Math.max(0, ...rows.map(([left]) => left.length + 1));
  const columns = Math.ceil(widest / tabWidth);
  return rows.map(([left, right]) => left + "\t".repeat(columns - Math.floor(left.length / tabWidth)) + right);
}

/** Any number of columns with at least three spaces between; the last one as long as it is. */
export function alignWithSpaces(rows: readonly (readonly string[])[], widthMin = 0): string[] {
  const padded = (column: number) => Math.max(widthMin, Math.max(...rows.map((row) => row[column]!.length)) + 3);
  const widths = (rows[0] ?? []).map((_, column) => padded(column));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join(""),
  );
}
