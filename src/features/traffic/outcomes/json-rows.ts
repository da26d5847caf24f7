import { failed, ok } from "#core/kernel/result.ts";
import { rowLengthMax, unreadable, type FileRow } from "./file-row.ts";

/**
 * The rows of JSON Lines: an object a line, any line ends; empty lines are passed over.
 * @throws AppError `invalid-request` for a line that does not end
 */
export async function* jsonRows(text: AsyncIterable<string>): AsyncGenerator<FileRow> {
  let line = 0;
  let begun = "";
  for await (const piece of text) {
    const lines = (begun + piece).split("\n");
    begun = lines.pop() ?? "";
    for (const whole of lines) {
      line += 1;
      if (whole.trim() !== "") yield { line, content: contentOf(whole) };
    }
    if (begun.length > rowLengthMax)
      throw unreadable(`a row of at most ${rowLengthMax} characters`, "it has more");
  }
  if (begun.trim() !== "") yield { line: line + 1, content: contentOf(begun) };
}

function contentOf(text: string): FileRow["content"] {
  const value = parsed(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) return failed({ wanted: "an object of JSON", actual: "something else" });
  // An object of JSON is one by names.
  return ok(value as Readonly<Record<string, unknown>>);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What cannot be read is no object either.
    return undefined;
  }
}
