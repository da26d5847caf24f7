import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { csvRows } from "../reading/csv-rows.ts";
import type { FileNotes } from "../reading/file-notes.ts";
import { jsonLines } from "../reading/json-lines.ts";
import type { RawRow } from "../reading/raw-row.ts";
import { unreadable } from "../reading/unreadable.ts";
import { wholeText } from "../reading/whole-text.ts";
import { readYamlData, type YamlData } from "../reading/yaml-list.ts";
import { csvTest } from "./csv-test.ts";
import { testRows, type TestTerms } from "./test-items.ts";

/** Different things that are told as not understood, at most. */
const toldMax = 50;

/** A file of tests, by how it is written. */
interface PromptfooFile {
  readonly name: string;
  readonly writing: "csv" | "jsonl" | "yaml";
  /** The route that judges rubrics. */
  readonly judge?: string | undefined;
  readonly notes: FileNotes;
}

/**
 * The items of promptfoo's tests: a configuration with `tests` or a list of tests in YAML or JSON, CSV with `__expected`
 * and such, or a test a line. What is not understood is told once, with how often it is there.
 * @throws AppError `invalid-request` as the readers of these formats do
 */
export async function* promptfooRows(
  chunks: AsyncIterable<Buffer>,
  { name, writing, judge, notes }: PromptfooFile,
): AsyncGenerator<Iterable<RawRow>> {
  const counts = new Map<string, number>();
  const notUnderstood = (what: string): void => {
    if (counts.has(what) || counts.size < toldMax) counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const terms = { common: {}, judge, notUnderstood };
  if (writing === "yaml") yield yamlTests(readYamlData(await wholeText(chunks, name), name), name, terms);
  else if (writing === "csv") {
    for await (const rows of csvRows(chunks, { name, delimiter: ",", notes }))
      yield converted(rows, terms, csvTest);
  } else {
    for await (const rows of jsonLines(chunks, notes)) yield converted(rows, terms, (row) => row);
  }
  for (const [what, count] of counts) notes.others.push(`Not understood: ${what} (${count})`);
}

function* converted(
  rows: Iterable<RawRow>,
  terms: TestTerms,
  testOf: (row: JsonObject) => JsonObject,
): Generator<RawRow> {
  for (const row of rows) {
    if (row.content.ok) yield* testRows(testOf(row.content.value), row.line, terms);
    else yield row;
  }
}

function* yamlTests({ value, lineOf }: YamlData, name: string, terms: TestTerms): Generator<RawRow> {
  if (value === null) return;
  const { tests, key, common } = testsIn(value, name);
  for (const [at, test] of tests.entries()) yield* testRows(test, lineOf(at, key), { ...terms, common });
}

interface Tests {
  readonly tests: readonly Json[];
  readonly key?: string;
  readonly common: JsonObject;
}

function testsIn(value: Json, name: string): Tests {
  if (isList(value)) return { tests: value, common: {} };
  const tests = isJsonObject(value) ? value["tests"] : undefined;
  if (!isJsonObject(value) || !isList(tests)) {
    throw unreadable(name, {
      wanted: "a list of tests, or a map with one as tests",
      actual: "there is none",
    });
  }
  const { defaultTest } = value;
  return { tests, key: "tests", common: isJsonObject(defaultTest) ? defaultTest : {} };
}
