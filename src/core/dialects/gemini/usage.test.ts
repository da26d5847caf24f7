import { describe, expect, test } from "vitest";
import { Problems } from "#core/dialects/problems.ts";
import { Fields } from "./fields.ts";
import { decodeUsage, servedTier } from "./usage.ts";

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

function reported(told: Readonly<Record<string, string>>): string | undefined {
  return decodeUsage(new Fields({ promptTokenCount: 1, ...told }, "usageMetadata", new Problems()))
    ?.serviceTier;
}
