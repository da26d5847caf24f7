import { describe, expect, test } from "vitest";
import type { ApiFailure } from "./api-failure.ts";
import type { EmulatedModel } from "./models.ts";
import { geminiModels } from "./models.ts";
import type { Quota } from "./quota.ts";
import { createQuota, pacificDay, quotaPresets } from "./quota.ts";

const noonUtc = Date.parse("2026-11-25T12:00:00Z");
const ask = (
  quota: Quota,
  model: EmulatedModel,
  atMs: number,
  promptTokens = 10,
  keyHash = "a",
): ApiFailure | undefined => quota.admit({ keyHash, model, promptTokens, nowMs: noonUtc + atMs });

function modelOf(isFree: boolean): EmulatedModel {
  const model = geminiModels.find((candidate) => candidate.kind === "chat" && candidate.isFree === isFree);
  if (model === undefined) throw new Error("the table has both kinds");
  return model;
}

function quotaIds(failure: ApiFailure | undefined): unknown {
  return JSON.parse(JSON.stringify(failure?.details ?? []))[0]?.violations.map(
    (violation: { quotaId: string }) => violation.quotaId,
  );
}

describe("the quota of a key and model", () => {
  test("refuses the request after the last of a minute and says when to retry", () => {
    const quota = createQuota(quotaPresets.free);
    for (let index = 0; index < 10; index += 1)
      expect(ask(quota, modelOf(true), index * 1000)).toBeUndefined();
    const refusal = ask(quota, modelOf(true), 10_000);
    expect(refusal).toMatchObject({ code: 429, status: "RESOURCE_EXHAUSTED" });
    expect(quotaIds(refusal)).toEqual(["GenerateRequestsPerMinutePerProjectPerModel-FreeTier"]);
    expect(refusal?.message).toMatch(
      /^You exceeded your current quota, .*limit: 10, model: .*\nPlease retry in 50s\.$/s,
    );
    expect(refusal?.details.at(-1)).toEqual({
      "@type": "type.googleapis.com/google.rpc.RetryInfo",
      retryDelay: "50s",
    });
    expect(ask(quota, modelOf(true), 60_000)).toBeUndefined();
  });

  test("counts input tokens of the last minute", () => {
    const quota = createQuota(quotaPresets.tier2);
    expect(ask(quota, modelOf(true), 0, 2_900_000)).toBeUndefined();
    expect(quotaIds(ask(quota, modelOf(true), 1, 200_000))).toEqual([
      "GenerateContentPaidTierInputTokensPerModelPerMinute-PaidTier2",
    ]);
    expect(ask(quota, modelOf(true), 60_000, 200_000)).toBeUndefined();
  });

  test("of a day ends at midnight Pacific time", () => {
    const quota = createQuota({ ...quotaPresets.tier1, requestsPerDay: 1 });
    expect(ask(quota, modelOf(true), 0)).toBeUndefined();
    expect(quotaIds(ask(quota, modelOf(true), 61_000))).toEqual(["GenerateRequestsPerDayPerProjectPerModel"]);
    const midnightPacific = Date.parse("2026-11-26T08:00:00Z") - noonUtc;
    expect(ask(quota, modelOf(true), midnightPacific - 1)).toBeDefined();
    expect(ask(quota, modelOf(true), midnightPacific)).toBeUndefined();
    expect(pacificDay(Date.parse("2026-07-01T06:59:59Z"))).toBe(
      pacificDay(Date.parse("2026-06-30T08:00:00Z")),
    );
  });

  test("is zero for a paid model in the free tier", () => {
    const refusal = ask(createQuota(quotaPresets.free), modelOf(false), 0);
    expect(refusal?.message).toContain("limit: 0");
  });

  test("is not shared between keys", () => {
    const quota = createQuota({ ...quotaPresets.free, requestsPerMinute: 1 });
    expect(ask(quota, modelOf(true), 0, 10, "a")).toBeUndefined();
    expect(ask(quota, modelOf(true), 0, 10, "b")).toBeUndefined();
    expect(ask(quota, modelOf(true), 0, 10, "a")).toBeDefined();
  });
});
