import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { compilePattern } from "#core/routing/expressions/pattern.ts";

/** What an assertion of promptfoo asks of an answer, as far as it is understood here. */
export interface Assertion {
  /** As it is written, with `not-` where it is the opposite. */
  readonly type: string;
  readonly value?: Json;
  /** What its result is called. */
  readonly metric?: string;
}

/** What else bears on an assertion. */
interface AssertionContext {
  /** Fills the gaps of texts. */
  readonly vars: JsonObject;
  /** The route that judges rubrics; they are not understood without one. */
  readonly judge?: string | undefined;
}

type Config = Result<JsonObject, string>;
type Reader = (value: Json | undefined, context: AssertionContext) => Config;

/** The types that are understood, each as the scorer that says the same. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["equals", withText((expected) => ({ kind: "exact", expected, trim: false }))],
  ["contains", withText((expected) => ({ kind: "contains", expected }))],
  ["not-contains", withText((expected) => ({ kind: "contains", expected, wanted: "none" }))],
  ["icontains", withText((expected) => ({ kind: "contains", expected, ignore_case: true }))],
  [
    "not-icontains",
    withText((expected) => ({ kind: "contains", expected, wanted: "none", ignore_case: true })),
  ],
  ["contains-all", withTexts((expected) => ({ kind: "contains", expected, wanted: "all" }))],
  ["contains-any", withTexts((expected) => ({ kind: "contains", expected, wanted: "any" }))],
  ["not-contains-any", withTexts((expected) => ({ kind: "contains", expected, wanted: "none" }))],
  [
    "icontains-all",
    withTexts((expected) => ({ kind: "contains", expected, wanted: "all", ignore_case: true })),
  ],
  [
    "icontains-any",
    withTexts((expected) => ({ kind: "contains", expected, wanted: "any", ignore_case: true })),
  ],
  ["starts-with", withText((text) => ({ kind: "regex", pattern: `^${quoted(text)}` }))],
  ["regex", withText((pattern) => ({ kind: "regex", pattern }))],
  ["is-json", isJson],
  ["llm-rubric", rubric],
]);

/**
 * The scorer that says what an assertion does.
 * @returns its description as an evaluation has it, or what is not understood
 */
export function scorerOf({ type, value }: Assertion, context: AssertionContext): Config {
  const read = readers.get(type);
  if (!read) return failed(`assertions of type ${type}`);
  const config = read(value, context);
  const problem = config.ok ? patternProblem(config.value) : config.error;
  return config.ok && problem === undefined ? config : failed(`assertions of type ${type} ${problem ?? ""}`);
}

function withText(make: (text: string) => JsonObject): Reader {
  return (value, { vars }) => {
    if (typeof value !== "string" && typeof value !== "number") return failed("with values that are no text");
    const text = filled(String(value), vars);
    return text.ok ? ok(make(text.value)) : text;
  };
}

/** A text as a pattern that matches it alone. */
function quoted(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function withTexts(make: (texts: readonly string[]) => JsonObject): Reader {
  return (value, { vars }) => {
    const written = typeof value === "string" ? value.split(",").map((text) => text.trim()) : value;
    if (!isList(written) || written.length === 0) return failed("with values that are no texts");
    const texts: string[] = [];
    for (const item of written) {
      if (typeof item !== "string" && typeof item !== "number")
        return failed("with values that are no texts");
      const text = filled(String(item), vars);
      if (!text.ok) return text;
      texts.push(text.value);
    }
    return ok(make(texts));
  };
}

function isJson(value: Json | undefined): Config {
  if (value === undefined || value === null || value === "") return ok({ kind: "json_schema" });
  return isJsonObject(value)
    ? ok({ kind: "json_schema", schema: value })
    : failed("with schemas that are no maps");
}

function rubric(value: Json | undefined, { judge, vars }: AssertionContext): Config {
  if (judge === undefined) return failed("without a judge");
  return withText((criteria) => ({ kind: "judge", model: judge, criteria }))(value, { vars });
}

/** A text with the values of variables in its gaps; only `{{name}}` is understood of its language of templates. */
function filled(text: string, vars: JsonObject): Result<string, string> {
  if (text.startsWith("file://")) return failed("with values in other files");
  let isKnown = !/\{%|\{#/.test(text);
  const whole = text.replaceAll(/\{\{(.*?)\}\}/gs, (_, written: string) => {
    const name = written.trim();
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (typeof value === "string" || typeof value === "number") return String(value);
    isKnown = false;
    return "";
  });
  return isKnown ? ok(whole) : failed("with templates");
}

/** A pattern may be one of JavaScript's that RE2 does not have: look-around and back references. */
function patternProblem({ pattern }: JsonObject): string | undefined {
  if (typeof pattern !== "string" || compilePattern(pattern).ok) return undefined;
  return "with patterns that RE2 does not know";
}
