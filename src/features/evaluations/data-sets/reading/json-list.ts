import { failed } from "#core/kernel/result.ts";
import type { FileNotes } from "./file-notes.ts";
import { JsonElements, type JsonElement } from "./json-elements.ts";
import { jsonContent } from "./json-row.ts";
import { tooLong, type RawRow } from "./raw-row.ts";
import { unreadable } from "./unreadable.ts";

/** Keys whose list is the rows, where a file is an object. */
const listKeys: ReadonlySet<string> = new Set(["data", "items", "rows", "examples", "questions", "tests"]);

/**
 * The rows of JSON: the objects of the list that the file is, or of the first list under one of `listKeys`. No more than one
 * row of it is held.
 * @param name what the file is called in errors
 * @throws AppError `invalid-request` for a file without such a list
 */
export async function* jsonList(
  chunks: AsyncIterable<Buffer>,
  { name, notes }: { readonly name: string; readonly notes: FileNotes },
): AsyncGenerator<Iterable<RawRow>> {
  const elements = new JsonElements(listKeys);
  let isEmpty = true;
  for await (const chunk of chunks) {
    isEmpty = false;
    notes.hasCrLf ||= chunk.includes("\r\n");
    yield rowsOf(elements.in(chunk));
  }
  if (isEmpty) return;
  if (elements.place.kind === "none") {
    throw unreadable(name, {
      wanted: `a list of objects, or an object with one as ${[...listKeys].join(", ")}`,
      actual: "there is none",
    });
  }
  if (elements.cutOff)
    yield [{ line: elements.cutOff.line, content: failed("cut off by the end of the file") }];
  else if (!elements.isOver) notes.others.push("The list does not end: the file may be cut off");
  if (elements.place.kind === "key" && elements.place.key === "tests")
    notes.others.push("The rows are read as they stand under tests: the format promptfoo understands them");
}

function* rowsOf(elements: Iterable<JsonElement>): Generator<RawRow> {
  for (const { line, bytes } of elements)
    yield { line, content: bytes === undefined ? failed(tooLong) : jsonContent(bytes) };
}
