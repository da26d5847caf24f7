import type { JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { referenceOf } from "#core/scoring/reference.ts";
import { unscored, type Unscored } from "#core/scoring/score.ts";
import type { CodeConfig } from "./code-config.ts";

/** A program and what runs after it, in the same scope. Apart, so that no quote or comment left open swallows the tests. */
export interface TestedProgram {
  readonly program: string;
  readonly tests: string;
}

/** The program of an answer: what it completes and the answer's code; and its tests, with the call that runs them. */
export function programOf(
  config: CodeConfig,
  text: string,
  fields: JsonObject,
): Result<TestedProgram, Unscored> {
  const tests = textField(config.tests, fields);
  if (!tests.ok) return tests;
  const before = config.before === undefined ? ok("") : textField(config.before, fields);
  if (!before.ok) return before;
  const name = config.call === undefined ? ok("") : textField(config.call, fields);
  if (!name.ok) return name;
  const code = codeIn(text);
  // A model that writes the whole program again, its beginning included, completes nothing.
  const isWhole = name.value !== "" && definesName(code, name.value);
  return ok({
    program: [isWhole ? importsIn(before.value) : before.value, code].join("\n"),
    tests: [tests.value, ...(name.value === "" ? [] : [`check(${name.value})`])].join("\n"),
  });
}

/** The code of an answer: its longest fenced block, or, where there is none, all of it. */
export function codeIn(text: string): string {
  const blocks = [...text.matchAll(/^[ \t]*```[^\n`]*\n([\s\S]*?)(?:^[ \t]*```[ \t]*$|(?![\s\S]))/gm)].map(
    ([, block = ""]) => block,
  );
  if (blocks.length === 0) return text;
  return blocks.reduce((longest, block) => (block.length > longest.length ? block : longest));
}

function definesName(code: string, name: string): boolean {
  return code
    .split("\n")
    .some((line) => line.startsWith(`def ${name}(`) || line.startsWith(`function ${name}(`));
}

/** What a whole program may still need of the beginning. */
function importsIn(before: string): string {
  return before
    .split("\n")
    .filter((line) => /^(import|from) /.test(line))
    .join("\n");
}

function textField(name: string, fields: JsonObject): Result<string, Unscored> {
  const found = referenceOf({ reference: name }, fields);
  if (!found.ok) return found;
  if (typeof found.value === "string") return ok(found.value);
  return failed(unscored("reference-invalid", `A text is wanted in "${name}", another value is there`));
}
