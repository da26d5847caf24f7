import { unreachable } from "#core/kernel/assert.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { citedSchema, parseCited } from "./cited-answer.ts";
import { parseJson, partialJson } from "./json-answer.ts";
import { labelInstruction, parseLabels } from "./label-answer.ts";
import { parseList, partialList } from "./list-answer.ts";
import type { ParseProblem } from "./parse-problem.ts";
import { parsePattern } from "./pattern-answer.ts";
import { parseSql, type SqlDialect } from "./sql-answer.ts";
import { parseXml } from "./xml-answer.ts";

/** Longest answer that is parsed, characters. */
export const answerLengthMax = 400_000;

/** The form that an answer must have. */
export type OutputForm =
  | { readonly type: "text" }
  | { readonly type: "json"; readonly schema?: JsonObject }
  | { readonly type: "enum"; readonly labels: readonly string[]; readonly multiple: boolean }
  | { readonly type: "list"; readonly itemsMax: number }
  | { readonly type: "xml"; readonly root: string }
  | { readonly type: "regex"; readonly pattern: string }
  | { readonly type: "sql"; readonly dialect: SqlDialect }
  | { readonly type: "citations"; readonly sources: readonly string[] };

/** What a model is told of a form; undefined where there is nothing to say. */
export function formatInstruction(form: OutputForm): string | undefined {
  switch (form.type) {
    case "text":
      return undefined;
    case "json":
      return form.schema
        ? `Answer with JSON alone, of this JSON schema: ${JSON.stringify(form.schema)}`
        : "Answer with one JSON object alone.";
    case "enum":
      return labelInstruction(form);
    case "list":
      return `Answer with a list alone: one item a line, at most ${form.itemsMax} items.`;
    case "xml":
      return `Answer with XML alone, within one element <${form.root}>.`;
    case "regex":
      return `Answer so that this regular expression matches: ${form.pattern}`;
    case "sql":
      return `Answer with one ${form.dialect} statement alone. It may only read: it begins with SELECT, WITH or VALUES.`;
    case "citations":
      return `Answer with JSON alone, of this JSON schema: ${JSON.stringify(citedSchema)}`;
    default:
      return unreachable(form);
  }
}

/** The JSON schema that a provider can hold an answer to; undefined where the form has none. */
export function formSchema(form: OutputForm): JsonObject | "any" | undefined {
  if (form.type === "citations") return citedSchema;
  if (form.type === "json") return form.schema ?? "any";
  return undefined;
}

/** Reads a whole answer. */
export function parseAnswer(form: OutputForm, answer: string): Result<Json, ParseProblem> {
  if (answer.length > answerLengthMax) {
    return failed({ wanted: `at most ${answerLengthMax} characters`, actual: `${answer.length}` });
  }
  switch (form.type) {
    case "text":
      return ok(answer);
    case "json":
      return parseJson(answer, form.schema);
    case "enum":
      return parseLabels(answer, form);
    case "list":
      return parseList(answer, form.itemsMax);
    case "xml":
      return parseXml(answer, form.root);
    case "regex":
      return parsePattern(answer, form.pattern);
    case "sql":
      return parseSql(answer, form.dialect);
    case "citations":
      return parseCited(answer, form.sources);
    default:
      return unreachable(form);
  }
}

/** What can be read of an answer that is still being written; undefined where nothing can. */
export function parsePartial(form: OutputForm, answer: string): Json | undefined {
  if (answer.length > answerLengthMax) return undefined;
  switch (form.type) {
    case "text":
      return answer;
    case "json":
    case "citations":
      return partialJson(answer);
    case "list":
      return partialList(answer);
    default:
      return undefined;
  }
}
