import { z } from "zod";
import { knownNames } from "./suggestion.ts";
import type { KeyPath } from "./yaml-source.ts";

/** A zod issue in our words; without `actual` the value at `path` is what was got. */
export interface IssueProblem {
  readonly path: KeyPath;
  readonly wanted: string;
  readonly actual?: string;
  readonly atKey?: boolean;
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** What an issue's schema wanted, where the schema has no words of its own. Given to zod as the error map. */
export function wantedOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${countedWord(issue.origin)}`;
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}${countedWord(issue.origin)}`;
    case "unrecognized_keys":
      return keysOf(issue.inst).join(knownKeySeparator);
    default:
      return "a valid value";
  }
}

const knownKeySeparator = ",";

/** A zod issue as problems: several for several unknown keys. */
export function issueProblems(issue: z.core.$ZodIssue): readonly IssueProblem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = issue.message.split(knownKeySeparator);
      return issue.keys.map((key) => ({
        path: [...path, key],
        wanted: knownNames(key, known),
        actual: "an unknown key",
        atKey: true,
      }));
    }
    case "invalid_key":
      return [
        {
          path,
          wanted: issue.issues[0]?.message ?? issue.message,
          actual: `the key ${JSON.stringify(path.at(-1))}`,
          atKey: true,
        },
      ];
    case "custom":
      return [{ path, ...customProblem(issue) }];
    case "invalid_union":
      return unionProblems(issue, path);
    default:
      return [{ path, wanted: issue.message }];
  }
}

/** What our own checks say: words, what was got, and where a name is wrong those that would do. */
function customProblem(issue: z.core.$ZodIssueCustom): Omit<IssueProblem, "path"> {
  const actual: unknown = issue.params?.["actual"];
  const known: unknown = issue.params?.["known"];
  const words = typeof actual === "string" ? { actual } : {};
  if (!Array.isArray(known)) return { wanted: issue.message, ...words };
  const name = issue.path.at(-1);
  return { wanted: knownNames(String(name), known.map(String)), ...words, atKey: true };
}

/** The problems of the one form that a value was meant to have; where it has the look of none, that one is wanted. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: KeyPath): readonly IssueProblem[] {
  const meant = issue.errors.find((issues) => !issues.some(isOfAnotherType));
  if (!meant || meant.length === 0) return [{ path, wanted: issue.message }];
  return meant.flatMap(issueProblems).map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

/** Whether a value is not even of the type that a form begins with. */
function isOfAnotherType({ code, path }: z.core.$ZodIssue): boolean {
  return code === "invalid_type" && path.length === 0;
}

function countedWord(origin: string): string {
  if (origin === "array" || origin === "set") return " entries";
  return origin === "string" ? " characters" : "";
}

function keysOf(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
