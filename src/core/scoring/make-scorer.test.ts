import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { must } from "../../../test/support/must.ts";
import { makeScorer } from "./make-scorer.ts";
import { pureScorerConfig, pureScorerConfigs } from "./scorer-config.ts";
import { answered } from "./scored.test-support.ts";
import type { Scorer } from "./scorer.ts";

/** What a kind cannot do without. */
const needed: Readonly<Record<string, JsonObject>> = {
  regex: { pattern: "(\\w+) is (?P<it>\\w+)", group: "it" },
};
const kinds = pureScorerConfigs.map(({ shape }) => shape.kind.value);

function scorerOf(kind: string): Scorer {
  return must(makeScorer(pureScorerConfig.parse({ kind, ...needed[kind] })));
}

describe.each(kinds)("%s", (kind) => {
  const scorer = scorerOf(kind);

  test("says the same of the same answer, a finite number or why there is none, whatever the answer is", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.json({ maxDepth: 2 }),
      fc.constantFrom("The answer is (B).", "#### 1,234", "I cannot help", "{", "*a* **b**\n- c"),
    );
    fc.assert(
      fc.property(texts, fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (text, one, other) => {
        // What fast-check gives is JSON.
        const [reference, kwargs] = [one as Json, other as Json];
        const fields = { reference, choices: reference, instruction_id_list: reference, kwargs };
        const call = { name: text.slice(0, 5), arguments: undefined };
        const answer = answered({ text, fields, toolCalls: [call], costUsd: 0.1, outputTokens: 5 });
        const score = scorer(answer);
        expect(scorer(answer)).toEqual(score);
        if (score.kind === "scored") expect(Number.isFinite(score.value)).toBe(true);
        else expect(score.message).not.toBe("");
      }),
    );
  });

  test("takes a bounded time of long answers", () => {
    const reference = "The cat sat on the mat. ";
    const fields = { reference, instruction_id_list: ["punctuation:no_comma"], choices: ["a cat", "a dog"] };
    for (const piece of ["a", " ", "\n", "(A) ", "answer is ", "1,", '"', "{", "\\boxed{", "I can't ", "é"]) {
      const startMs = performance.now();
      scorer(answered({ text: piece.repeat(100_000), fields }));
      expect(performance.now() - startMs, piece).toBeLessThan(10_000);
    }
  });
});

test("options are checked: unknown keys, kinds and values are refused", () => {
  for (const wrong of [
    { kind: "exact", trimmed: true },
    { kind: "unknown" },
    { kind: "rouge", n: 0 },
    { kind: "contains", wanted: "most" },
    { kind: "pii", detect: [] },
    {},
  ]) {
    expect(pureScorerConfig.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  }
});

test("every option is described", () => {
  for (const { shape } of pureScorerConfigs) {
    for (const [name, option] of Object.entries(shape)) {
      if (name === "kind") continue;
      expect(option.meta()?.description, `${shape.kind.value}.${name}`).toMatch(/\.$/);
      expect(option.meta()?.["examples"], `${shape.kind.value}.${name}`).toBeDefined();
    }
  }
});
