import { extname } from "node:path";
import { unreachable } from "#core/kernel/assert.ts";
import type { DataFormat, DataSetOptions } from "./data-set-options.ts";
import { promptfooRows } from "./promptfoo/promptfoo-rows.ts";
import { csvRows } from "./reading/csv-rows.ts";
import { fileBytes } from "./reading/file-bytes.ts";
import type { FileNotes } from "./reading/file-notes.ts";
import { jsonLines } from "./reading/json-lines.ts";
import { jsonList } from "./reading/json-list.ts";
import type { RawRow } from "./reading/raw-row.ts";
import { unreadable } from "./reading/unreadable.ts";
import { wholeText } from "./reading/whole-text.ts";
import { yamlList } from "./reading/yaml-list.ts";

/**
 * The rows of a file, a batch for each piece of it; a batch is to be taken before the next is asked for.
 * @throws AppError `invalid-request` for a file that cannot be read, or not to its end
 */
export function rawRows(
  path: string,
  { format = formatOf(path), judge }: DataSetOptions,
  notes: FileNotes,
): AsyncIterable<Iterable<RawRow>> {
  const bytes = fileBytes(path, notes);
  const file = { name: path, notes };
  switch (format) {
    case "jsonl":
      return jsonLines(bytes, notes);
    case "json":
      return jsonList(bytes, file);
    case "csv":
      return csvRows(bytes, { ...file, delimiter: "," });
    case "tsv":
      return csvRows(bytes, { ...file, delimiter: "\t" });
    case "yaml":
      return yamlRows(bytes, path);
    case "promptfoo":
      return promptfooRows(bytes, { ...file, writing: writingOf(path), judge });
    default:
      return unreachable(format);
  }
}

async function* yamlRows(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Iterable<RawRow>> {
  yield yamlList(await wholeText(bytes, name), name);
}

const formats: ReadonlyMap<string, Exclude<DataFormat, "promptfoo">> = new Map([
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".json", "json"],
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".yaml", "yaml"],
  [".yml", "yaml"],
]);

function formatOf(path: string): DataFormat {
  const format = namedFormat(path);
  if (format) return format;
  throw unreadable(path, {
    wanted: `a format, or a name that ends in ${[...formats.keys()].join(", ")} (and .gz)`,
    actual: "it is another",
  });
}

function namedFormat(path: string): Exclude<DataFormat, "promptfoo"> | undefined {
  return formats.get(extname(path.toLowerCase().replace(/\.gz$/, "")));
}

/** How tests of promptfoo are written; JSON is YAML, too. */
function writingOf(path: string): "csv" | "jsonl" | "yaml" {
  const named = namedFormat(path);
  return named === "csv" || named === "jsonl" ? named : "yaml";
}
