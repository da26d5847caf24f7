import type { Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Most items of a list. */
export const listItemsMax = 1_000;

/** Reads an answer as a list: an item a line, with or without a bullet or a number before it. */
export function parseList(answer: string, itemsMax: number): Result<Json, ParseProblem> {
  const items = itemsOf(answer);
  if (items.length === 0) return failed({ wanted: "a list, one item a line", actual: "no item" });
  if (items.length > itemsMax) {
    return failed({ wanted: `a list of at most ${itemsMax} items`, actual: `${items.length}` });
  }
  return ok(items);
}

/** The items that are whole while the list is still being written: the last line may go on. */
export function partialList(answer: string): Json {
  return itemsOf(answer.slice(0, answer.lastIndexOf("\n") + 1));
}

function itemsOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replace(/^(?:[-*•]|\d{1,4}[.)])\s+/, ""))
    .filter((line) => line !== "" && !line.startsWith("```"));
}
