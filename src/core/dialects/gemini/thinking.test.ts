import { describe, expect, test } from "vitest";
import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { Thinking } from "#core/llm/request.ts";
import { Notes } from "./notes.ts";
import { encodeThinking } from "./thinking.ts";

const byLevel = (levels?: readonly string[]): UpstreamModel["thinking"] => ({
  mode: "level",
  ...(levels && { levels }),
});
const lowToHigh = byLevel(["low", "medium", "high"]);

function encoded(thinking: Thinking, mode: UpstreamModel["thinking"], id = "gemini-x") {
  const notes = new Notes();
  const model = {
    id,
    thinking: mode,
    ignoresSampling: false,
    needsThoughtSignatures: false,
    acceptsPrefill: false,
  };
  return [encodeThinking(thinking, model, notes), notes.warnings.map(({ code }) => code)];
}

describe("thinking", () => {
  test.each<readonly [Thinking, UpstreamModel["thinking"], object | undefined, readonly string[]]>([
    [{ level: "high", include: true }, lowToHigh, { thinkingLevel: "HIGH", includeThoughts: true }, []],
    [{ level: "minimal" }, lowToHigh, { thinkingLevel: "LOW" }, ["approximated-field"]],
    [{ level: "none" }, lowToHigh, { thinkingLevel: "LOW" }, ["approximated-field"]],
    [{ level: "xhigh" }, lowToHigh, { thinkingLevel: "HIGH" }, ["approximated-field"]],
    [{ level: "xhigh" }, byLevel(["high", "xhigh"]), { thinkingLevel: "XHIGH" }, []],
    [{ level: "medium" }, byLevel(), { thinkingLevel: "MEDIUM" }, []],
    [{ level: "minimal" }, byLevel(), { thinkingLevel: "LOW" }, ["approximated-field"]],
    [{ budgetTokens: 0 }, lowToHigh, { thinkingLevel: "LOW" }, ["approximated-field"]],
    [{ budgetTokens: 1024 }, lowToHigh, { thinkingLevel: "LOW" }, ["approximated-field"]],
    [{ budgetTokens: 8192 }, lowToHigh, { thinkingLevel: "MEDIUM" }, ["approximated-field"]],
    [{ budgetTokens: 32_768 }, lowToHigh, { thinkingLevel: "HIGH" }, ["approximated-field"]],
    [{ budgetTokens: -1 }, lowToHigh, undefined, []],
    [{ level: "low" }, { mode: "budget" }, { thinkingBudget: 1024 }, []],
    [{ level: "none" }, { mode: "budget" }, { thinkingBudget: 0 }, []],
    [{ level: "xhigh" }, { mode: "budget" }, { thinkingBudget: 24_576 }, ["approximated-field"]],
    [{ budgetTokens: -1 }, { mode: "budget" }, { thinkingBudget: -1 }, []],
    [{ level: "high", include: true }, { mode: "none" }, undefined, ["dropped-field", "dropped-field"]],
    [{ level: "none" }, { mode: "none" }, undefined, []],
    [{ include: false }, lowToHigh, { includeThoughts: false }, []],
    [{}, lowToHigh, undefined, []],
  ])("%j for %j is written as %j", (thinking, mode, config, warnings) => {
    expect(encoded(thinking, mode)).toEqual([config, warnings]);
  });

  test("cannot be stopped on 2.5 Pro: it is asked to think least, by name", () => {
    expect(encoded({ level: "none" }, { mode: "budget" }, "gemini-2.5-pro")).toEqual([
      { thinkingBudget: 128 },
      ["approximated-field"],
    ]);
  });
});
