import type { ApiFailure } from "./api-failure.ts";
import type { EmulatedModel } from "./models.ts";
import type { QuotaWindow } from "./faults/quota-failures.ts";
import { quotaFailure } from "./faults/quota-failures.ts";

/** Limits of one project (key) for one model. */
export interface QuotaLimits {
  readonly tier: QuotaTier;
  readonly requestsPerMinute: number;
  readonly inputTokensPerMinute: number;
  readonly requestsPerDay: number;
}

/** Usage tiers of the Gemini API. */
export type QuotaTier = "free" | "tier1" | "tier2";

/** Last published table (2.5 Flash), https://discuss.ai.google.dev/t/104465, read 2026-11-24; used for every model. */
export const quotaPresets: Readonly<Record<QuotaTier, QuotaLimits>> = {
  free: { tier: "free", requestsPerMinute: 10, inputTokensPerMinute: 250_000, requestsPerDay: 250 },
  tier1: { tier: "tier1", requestsPerMinute: 1000, inputTokensPerMinute: 1_000_000, requestsPerDay: 10_000 },
  tier2: { tier: "tier2", requestsPerMinute: 2000, inputTokensPerMinute: 3_000_000, requestsPerDay: 100_000 },
};

/** One request that asks for quota. */
interface QuotaRequest {
  readonly keyHash: string;
  readonly model: EmulatedModel;
  readonly promptTokens: number;
  readonly nowMs: number;
}

/** Counts requests and input tokens per key and model. */
export interface Quota {
  /** Takes quota for a request, or says why not (nothing is taken then). */
  admit(request: QuotaRequest): ApiFailure | undefined;
  clear(): void;
}

interface Usage {
  /** Requests of the last minute, oldest first. */
  recent: { readonly atMs: number; readonly tokens: number }[];
  day: string;
  requestsOfDay: number;
}

const minuteMs = 60_000;
const countersMax = 10_000; // keys times models; the oldest counter is forgotten first

/** A quota model with rolling minutes, and days that end at midnight Pacific time. */
export function createQuota(limits: QuotaLimits): Quota {
  const usages = new Map<string, Usage>();

  function usageOf({ keyHash, model, nowMs }: QuotaRequest): Usage {
    const name = `${keyHash}/${model.id}`;
    const usage = usages.get(name) ?? { recent: [], day: pacificDay(nowMs), requestsOfDay: 0 };
    usages.delete(name);
    usages.set(name, usage);
    const oldest = usages.keys().next().value;
    if (usages.size > countersMax && oldest !== undefined) usages.delete(oldest);
    return usage;
  }

  return {
    admit(request) {
      const { model, nowMs, promptTokens } = request;
      const usage = usageOf(request);
      usage.recent = usage.recent.filter((entry) => entry.atMs > nowMs - minuteMs);
      if (usage.day !== pacificDay(nowMs)) Object.assign(usage, { day: pacificDay(nowMs), requestsOfDay: 0 });
      const own = limits.tier === "free" && !model.isFree ? noLimits : limits;
      const violated = violations(usage, own, promptTokens);
      if (violated.length > 0) {
        return quotaFailure({
          ...own,
          tier: limits.tier,
          model: model.id,
          windows: violated,
          retryAfterMs: retryAfterMs(usage, nowMs),
        });
      }
      usage.recent.push({ atMs: nowMs, tokens: promptTokens });
      usage.requestsOfDay += 1;
      return undefined;
    },
    clear: () => usages.clear(),
  };
}

const noLimits = { requestsPerMinute: 0, inputTokensPerMinute: 0, requestsPerDay: 0 };

function violations(
  usage: Usage,
  limits: Omit<QuotaLimits, "tier">,
  promptTokens: number,
): readonly QuotaWindow[] {
  const tokens = usage.recent.reduce((sum, entry) => sum + entry.tokens, promptTokens);
  const windows: QuotaWindow[] = [];
  if (usage.recent.length >= limits.requestsPerMinute) windows.push("requests-per-minute");
  if (tokens > limits.inputTokensPerMinute) windows.push("tokens-per-minute");
  if (usage.requestsOfDay >= limits.requestsPerDay) windows.push("requests-per-day");
  return windows;
}

/** Time until the oldest request of the last minute leaves it; a whole minute when there is none. */
function retryAfterMs(usage: Usage, nowMs: number): number {
  const oldest = usage.recent[0];
  return oldest === undefined ? minuteMs : Math.max(1, oldest.atMs + minuteMs - nowMs);
}

const pacific = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles", dateStyle: "short" });

/** The calendar day in Pacific time, on which daily quotas are counted. */
export function pacificDay(nowMs: number): string {
  return pacific.format(nowMs);
}
