import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { totalTokens, type Usage } from "#core/llm/usage.ts";
import type { Json } from "#core/kernel/json.ts";
import { decodeUsage as decodeAnswer, encodeUsage } from "./usage.ts";

const decodeUsage = (usage?: Json) => decodeAnswer(usage === undefined ? {} : { usage });

describe("usage", () => {
  test("thinking inside completion_tokens is taken out of the answer's", () => {
    expect(
      decodeUsage({
        prompt_tokens: 120,
        completion_tokens: 50,
        total_tokens: 170,
        prompt_tokens_details: { cached_tokens: 100 },
        completion_tokens_details: { reasoning_tokens: 30 },
      }),
    ).toEqual({
      inputTokens: 120,
      cachedInputTokens: 100,
      toolInputTokens: 0,
      outputTokens: 20,
      thinkingTokens: 30,
    });
  });

  test("a total above the sum is thinking that the server did not name", () => {
    expect(decodeUsage({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 45 })).toMatchObject({
      outputTokens: 5,
      thinkingTokens: 30,
    });
  });

  test.each([undefined, null, [], {}, { prompt_tokens: "4" }, { prompt_tokens: 4, completion_tokens: -1 }])(
    "%j is no usage",
    (usage) => {
      expect(decodeUsage(usage)).toBeUndefined();
    },
  );

  test("the service tier that was given is read from beside it", () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    expect(decodeAnswer({ usage, service_tier: "flex" })).toMatchObject({ serviceTier: "flex" });
    expect(decodeAnswer({ usage, service_tier: "default" })).toMatchObject({ serviceTier: "standard" });
    expect(decodeAnswer({ usage, service_tier: "auto" })).not.toHaveProperty("serviceTier");
  });

  test("law: what is written is read again, with tool tokens counted as prompt", () => {
    const count = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        (inputTokens, toolInputTokens, outputTokens, thinkingTokens) => {
          const cachedInputTokens = Math.floor(inputTokens / 2);
          const usage: Usage = {
            inputTokens,
            cachedInputTokens,
            toolInputTokens,
            outputTokens,
            thinkingTokens,
          };
          const again = decodeUsage(encodeUsage(usage));
          expect(again).toEqual({ ...usage, inputTokens: inputTokens + toolInputTokens, toolInputTokens: 0 });
          expect(again && totalTokens(again)).toBe(totalTokens(usage));
        },
      ),
    );
  });
});
