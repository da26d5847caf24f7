import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { JsonTest } from "./test-items.ts";
import { expectedCell } from "./expected-cell.ts";

/** The test that a row of CSV describes: columns with two underscores say what is wanted, the others are its variables. */
export function csvTest(row: JsonObject): JsonTest {
  const vars: Record<string, Json> = {};
  const metadata: Record<string, Json> = {};
  const asserts: JsonObject[] = [];
  const others: Record<string, Json> = {};
  for (const [column, cell] of Object.entries(row)) {
    if (typeof cell !== "string") continue;
    const [, key] = /^__metadata:(.+)$/.exec(column) ?? [];
    if (!column.startsWith("__")) vars[column] = cell;
    else if (cell.trim() === "") continue;
    else if (/^__expected\d*$/.test(column)) asserts.push({ ...expectedCell(cell) });
    else if (column === "__description") others["description"] = cell;
    else if (column === "__metric") others["metric"] = cell;
    else if (key?.endsWith("[]")) metadata[key.slice(0, -2)] = listIn(cell);
    else if (key !== undefined) metadata[key] = cell;
    else others[column.replace(/:.*$/s, "")] = cell;
  }
  const { metric, ...rest } = others;
  const named = metric === undefined ? asserts : asserts.map((one) => ({ ...one, metric }));
  return { ...rest, vars, metadata, assert: named };
}

/** Parts of a list with commas between; one after a backslash belongs to its part. */
function listIn(cell: string): readonly string[] {
  return (cell.match(/(?:\\,|[^,])+/g) ?? []).map((part) => part.replaceAll("\\,", ",").trim());
}
