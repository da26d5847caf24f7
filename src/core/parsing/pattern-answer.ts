import { RE2JS } from "re2js";
import type { Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { compilePattern } from "#core/routing/expressions/pattern.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Most that one answer takes, characters by instructions of the pattern: a second and a half (measured 2026-11-27). */
const workMax = 10_000_000;

/** Whether a pattern can be used: RE2's words, bounded as those of conditions are. @returns what is wrong, otherwise */
export function patternProblem(pattern: string): string | undefined {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) return compiled.error;
  return Object.keys(RE2JS.compile(pattern).namedGroups()).length === 0 ? "no named group" : undefined;
}

/**
 * Reads the named groups of a pattern's first match in an answer. Linear in the answer, whatever the pattern is; an answer
 * that is too long for a large pattern is not read.
 */
export function parsePattern(answer: string, pattern: string): Result<Json, ParseProblem> {
  const compiled = RE2JS.compile(pattern);
  const lengthMax = Math.floor(workMax / compiled.programSize());
  if (answer.length > lengthMax)
    return failed({ wanted: `at most ${lengthMax} characters`, actual: `${answer.length}` });
  const matcher = compiled.matcher(answer);
  if (!matcher.find()) {
    return failed({ wanted: `an answer that matches ${pattern}`, actual: "none that does" });
  }
  const names = Object.keys(compiled.namedGroups());
  return ok(Object.fromEntries(names.map((name) => [name, matcher.group(name)])));
}
