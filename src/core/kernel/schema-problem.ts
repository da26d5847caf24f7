import type { z } from "zod";

/** One value that is not as a schema wants it, in words that tell nothing of the value. */
export interface SchemaProblem {
  /** Keys from the whole to the value; empty for the whole. */
  readonly path: readonly string[];
  readonly wanted: string;
  /** What came, by its kind and size only: a value could be content. */
  readonly actual: string;
}

/** What is wrong with a value, as a schema found it. */
export function schemaProblems(error: z.ZodError, value: unknown): readonly SchemaProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, value));
}

function problemsOf(issue: z.core.$ZodIssue, input: unknown): SchemaProblem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      wanted: "absent",
      actual: "an unknown field",
    }));
  }
  return [{ path, wanted: wantedOf(issue), actual: kindOf(valueAt(input, issue.path)) }];
}

/** What an issue says was wanted. Zod's own message holds no value, but its wording is for developers. */
function wantedOf(issue: z.core.$ZodIssue): string {
  // Our schemas' own wording begins with "must": "must be a request id", "must not contain NUL".
  const own = /^must (?:be (?<thing>.+)|not contain (?<without>.+))$/.exec(issue.message)?.groups;
  if (own) return own["thing"] ?? `text without ${own["without"] ?? ""}`;
  switch (issue.code) {
    case "invalid_type":
      return /^[aeio]/.test(issue.expected) ? `an ${issue.expected}` : `a ${issue.expected}`;
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `at least ${String(issue.minimum)}${ofUnit(issue.origin)}`;
    case "too_big":
      return `at most ${String(issue.maximum)}${ofUnit(issue.origin)}`;
    case "invalid_format":
      return issue.format === "regex" ? `text of the form ${issue.pattern ?? "given"}` : `a ${issue.format}`;
    case "not_multiple_of":
      return `a multiple of ${issue.divisor}`;
    case "invalid_union":
      return anyOf(issue.errors);
    default:
      return issue.message;
  }
}

/** What all alternatives ask of the value itself; where one asks for something in it, the whole says no more. */
function anyOf(alternatives: readonly (readonly z.core.$ZodIssue[])[]): string {
  const wanted = alternatives.flatMap(([first]) => (first?.path.length === 0 ? [wantedOf(first)] : []));
  const isTold = wanted.length > 0 && wanted.length === alternatives.length;
  return isTold ? [...new Set(wanted)].join(" or ") : "one of the forms that the description has";
}

function ofUnit(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " items" : "";
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** A value by its kind and size, never itself. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (typeof value === "string")
    return value === "" ? "an empty string" : `a string of ${value.length} characters`;
  if (typeof value === "number") return `the number ${value}`;
  if (Array.isArray(value)) return `an array of ${value.length} items`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
