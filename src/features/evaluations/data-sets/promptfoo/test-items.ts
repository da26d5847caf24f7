import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { failed, ok } from "#core/kernel/result.ts";
import type { RawRow } from "../reading/raw-row.ts";
import { scorerOf, type Assertion } from "./assertion.ts";

/** A test of promptfoo, as data. */
export type JsonTest = JsonObject;

/** Collects what is not understood, to be told once each with its count. */
export type NotUnderstood = (what: string) => void;

/** What bears on all tests. */
export interface TestTerms {
  /** What holds for each test that does not say otherwise: `defaultTest`. */
  readonly common: JsonObject;
  readonly judge?: string | undefined;
  readonly notUnderstood: NotUnderstood;
}

/** Items that one test may stand for: each combination of values where variables list several. */
const expansionMax = 1_000;

/** Keys of a test that are understood. */
const knownKeys: ReadonlySet<string> = new Set(["vars", "assert", "metadata", "description", "options"]);

/** The rows of a test: its variables are the fields, its metadata the tags, its assertions scorers of its own. */
export function testRows(test: Json | undefined, line: number, terms: TestTerms): readonly RawRow[] {
  if (!isJsonObject(test)) return refused(line, "a test that is no map (tests in other files are not read)");
  if (nestsTooDeep(test)) return refused(line, "nested too deep");
  const { common, notUnderstood } = terms;
  const vars = { ...objectIn(common["vars"]), ...objectIn(test["vars"]) };
  if (isText(common["vars"]) || isText(test["vars"]) || Object.values(vars).some(isFile))
    return refused(line, "variables in other files");
  for (const key of Object.keys(test)) if (!knownKeys.has(key)) notUnderstood(`${key} of tests`);
  const expanded = combinations(vars, test);
  if (!expanded) return refused(line, `more than ${expansionMax} combinations of variables`);
  return expanded.map((fields) => rowOf({ fields, test, line }, terms));
}

function refused(line: number, reason: string): readonly RawRow[] {
  return [{ line, content: failed(reason) }];
}

function rowOf(
  { fields, test, line }: { readonly fields: JsonObject; readonly test: JsonTest; readonly line: number },
  { common, judge, notUnderstood }: TestTerms,
): RawRow {
  const asserts = [...listIn(common["assert"]), ...listIn(test["assert"])];
  const scorers = new Map<string, JsonObject>();
  for (const written of asserts) {
    const assertion = assertionOf(written);
    if (!assertion) {
      notUnderstood("assertions without a type");
      continue;
    }
    const scorer = scorerOf(assertion, { vars: fields, judge });
    if (scorer.ok) scorers.set(freeName(assertion.metric ?? assertion.type, scorers), scorer.value);
    else notUnderstood(scorer.error);
  }
  const { description } = test;
  return {
    line,
    content: ok({ ...(isText(description) && { description }), ...fields }),
    tags: tagsOf({ ...objectIn(common["metadata"]), ...objectIn(test["metadata"]) }, notUnderstood),
    ...(scorers.size > 0 && { scorers: Object.fromEntries(scorers) }),
  };
}

function assertionOf(written: Json): Assertion | undefined {
  if (!isJsonObject(written)) return undefined;
  const { type, value, metric } = written;
  if (!isText(type)) return undefined;
  return { type, ...(value !== undefined && { value }), ...(isText(metric) && { metric }) };
}

/** The name of a scorer: that of its metric or its type, with a number where there is one of it. */
function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  const name = wanted.replaceAll(/[^A-Za-z0-9._]+/g, "_").replace(/^[^A-Za-z0-9]+/, "") || "assertion";
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
  return free;
}

function tagsOf(metadata: JsonObject, notUnderstood: NotUnderstood): JsonObject {
  const tags = Object.entries(metadata).filter(([, value]) => typeof value !== "object");
  if (tags.length < Object.keys(metadata).length) notUnderstood("metadata that is no text");
  return Object.fromEntries(tags);
}

/** Each choice of one value of every variable that lists several; undefined where there are too many. */
function combinations(vars: JsonObject, { options }: JsonTest): readonly JsonObject[] | undefined {
  let all: readonly JsonObject[] = [vars];
  if (isJsonObject(options) && options["disableVarExpansion"] === true) return all;
  for (const [name, value] of Object.entries(vars)) {
    if (!isList(value)) continue;
    if (all.length * value.length > expansionMax) return undefined;
    all = all.flatMap((some) => value.map((one) => ({ ...some, [name]: one })));
  }
  return all;
}

function objectIn(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string";
}

function isFile(value: Json | undefined): boolean {
  return isText(value) && value.startsWith("file://");
}
