import { RE2JS } from "re2js";
import { failed, ok, type Result } from "#core/kernel/result.ts";

/** Longest pattern, characters. */
const patternLengthMax = 500;
/** Largest compiled pattern, instructions. With texts of 4,096 characters the slowest found takes 8 ms, once. */
const instructionsMax = 1_000;

/** Whether a text has a match of the pattern somewhere. */
export type TextTest = (text: string) => boolean;

/** A pattern that takes time linear to the text and to its own size. */
export interface SizedPattern {
  readonly test: TextTest;
  /** Its size, instructions: so much may be done at each character. */
  readonly instructions: number;
}

/**
 * Compiles a regular expression (RE2's words) that takes time linear to the text, whatever the pattern is. What cannot
 * be matched so (look-around, back references) does not compile.
 * @returns what is wrong with the pattern, otherwise
 */
export function compilePattern(pattern: string): Result<TextTest, string> {
  const compiled = sizedPattern(pattern);
  return compiled.ok ? ok(compiled.value.test) : compiled;
}

/** The same, with its size: for texts whose length nothing else bounds. */
export function sizedPattern(pattern: string): Result<SizedPattern, string> {
  if (pattern.length > patternLengthMax) return failed(`${pattern.length} characters`);
  try {
    const compiled = RE2JS.compile(pattern);
    const instructions = compiled.programSize();
    if (instructions > instructionsMax) return failed(`one of ${instructions} instructions`);
    return ok({ test: (text) => compiled.test(text), instructions });
  } catch (error) {
    // The library throws for every pattern that it does not take; its words name the place.
    return failed(error instanceof Error ? error.message.replace("error parsing regexp: ", "") : "another");
  }
}

/** What a pattern must be, in words. */
export const patternWanted = `a regular expression of RE2 (no look-around, no back reference) of at most ${patternLengthMax} characters and ${instructionsMax} instructions`;
