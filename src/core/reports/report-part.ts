/** Rows of a table: the first names the columns. */
export type Table = readonly (readonly string[])[];

/** A part of a report, whatever it is written in. */
export type ReportPart =
  | { readonly kind: "list"; readonly heading: string; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly heading: string; readonly table: Table };
