import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import type { Usage } from "#core/llm/usage.ts";
import { Problems } from "#core/dialects/problems.ts";
import { Fields } from "./fields.ts";
import { byModality, decodeUsage, servedTier } from "./usage.ts";

describe("the quality of service that Gemini says it gave", () => {
  test.each([
    ["standard", "standard"],
    ["flex", "flex"],
    ["priority", "priority"],
    ["STANDARD", "standard"],
    ["unspecified", undefined],
    ["deferred", undefined],
  ])("%s is %s, in a header and in the usage", (word, tier) => {
    expect(servedTier({ "x-gemini-service-tier": word })).toBe(tier);
    expect(reported({ serviceTier: word })).toBe(tier);
  });

  test.each([
    ["ON_DEMAND", "standard"],
    ["ON_DEMAND_FLEX", "flex"],
    ["ON_DEMAND_PRIORITY", "priority"],
    ["PROVISIONED_THROUGHPUT", undefined],
  ])("Vertex's %s is %s", (trafficType, tier) => {
    expect(reported({ trafficType })).toBe(tier);
  });

  test("is not known where nobody says", () => {
    expect(servedTier({})).toBeUndefined();
    expect(reported({})).toBeUndefined();
  });
});

describe("counts by modality", () => {
  test.each<[Json, Usage["inputByModality"]]>([
    [[{ modality: "TEXT", tokenCount: 4 }], { text: 4 }],
    [
      [
        { modality: "TEXT", tokenCount: "4" },
        { modality: "IMAGE", token_count: 258 },
      ],
      { text: 4, image: 258 },
    ],
    [[{ modality: "TEXT", tokenCount: 4 }, null, { modality: "text", tokenCount: 1 }], { text: 5 }],
    [[{ modality: "AUDIO" }], { audio: 0 }],
    [[{ tokenCount: 4 }], undefined],
    [[7], undefined],
    [[], undefined],
    ["TEXT", undefined],
  ])("%j are %j", (list, counts) => {
    expect(byModality(list)).toEqual(counts);
  });
});

test("a count that is an object is none, whatever stands in it", () => {
  const metadata = { promptTokenCount: { toString: "", valueOf: 1 }, candidatesTokenCount: 3 };
  expect(decodeUsage(new Fields(metadata, "usageMetadata", new Problems()))).toMatchObject({
    inputTokens: 0,
    outputTokens: 3,
  });
});

function reported(told: Readonly<Record<string, string>>): string | undefined {
  return decodeUsage(new Fields({ promptTokenCount: 1, ...told }, "usageMetadata", new Problems()))
    ?.serviceTier;
}
