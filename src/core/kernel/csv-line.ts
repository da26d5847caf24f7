/** What a cell of CSV holds; undefined is an empty one. */
export type CsvCell = string | number | boolean | undefined;

/** A row of CSV as RFC 4180 writes it, with its line end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

/**
 * Text that a spreadsheet would take for a formula gets an apostrophe in front: names and labels come from anybody. Numbers
 * stay numbers; one that is not finite is an empty cell. https://owasp.org/www-community/attacks/CSV_Injection read 2026-11-25
 */
function cellText(value: CsvCell): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  if (typeof value === "boolean") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
