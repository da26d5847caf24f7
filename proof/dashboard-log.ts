import { requestId } from "#core/kernel/request-id.ts";
import type { RequestRecord } from "#features/traffic/index.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Requests of the short log. */
export const draftCount = 10_000;

/** Numbers in [0, 1), the same in every run. Mulberry32, a public-domain generator by Tommy Ettinger. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where and when a request of the short log happened. */
interface Draft {
  readonly minuteMs: number;
  readonly route: string;
  readonly variant: string;
  readonly deployment: string;
}

/**
 * The records of a log in batches, the oldest first: 30 days up to now, the last hour and the last day busier. Each
 * request of the short log happens `times` times in its minute, so that logs of any density have the same counts to
 * add up, with more in each.
 */
export function* logBatches(
  nowMs: number,
  times: number,
  batchSize: number,
): Generator<readonly RequestRecord[]> {
  const random = seeded(20_261_125);
  let batch: RequestRecord[] = [];
  let number = 0;
  for (const draft of drafts(nowMs, random)) {
    for (let time = 0; time < times; time++) {
      batch.push(recordOf(draft, number++, random));
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function drafts(nowMs: number, random: () => number): readonly Draft[] {
  const lastMinuteMs = Math.floor(nowMs / minuteMs) * minuteMs - minuteMs;
  return Array.from({ length: draftCount }, (): Draft => {
    const place = random();
    const reachMs = place < 0.1 ? hourMs : place < 0.4 ? dayMs : 30 * dayMs;
    const variant = random() < 0.7 ? "fast" : "deep";
    return {
      minuteMs: lastMinuteMs - Math.floor((random() * reachMs) / minuteMs) * minuteMs,
      route: `route-${Math.floor(random() * random() * 5)}`,
      variant,
      deployment: `${variant}-${random() < 0.8 ? "a" : "b"}`,
    };
  }).toSorted((one, other) => one.minuteMs - other.minuteMs);
}

function recordOf(draft: Draft, number: number, random: () => number): RequestRecord {
  const startedAtMs = draft.minuteMs + Math.floor(random() * minuteMs);
  const failed = random() < 0.03;
  const firstContentMs = 150 * Math.exp(random() * 2);
  const totalMs = firstContentMs + 200 * Math.exp(random() * 4);
  const usage = {
    inputTokens: Math.floor(random() * 4_000),
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens: Math.floor(random() * 800),
    thinkingTokens: Math.floor(random() * 400),
  };
  const picoDollars = usage.inputTokens * 300_000 + (usage.outputTokens + usage.thinkingTokens) * 2_500_000;
  return {
    requestId: requestId(startedAtMs, idBytes(number)),
    startedAtMs,
    operation: "chat",
    dialect: "openai-chat",
    stream: true,
    model: draft.route,
    keyId: `key_${number % 20}`,
    decision: decisionOf(draft),
    attempts: [
      {
        attempt: 1,
        deployment: draft.deployment,
        provider: "google",
        variant: draft.variant,
        model: "gemini-3.8-flash",
        outcome: failed ? "failed" : "completed",
        status: failed ? 503 : 200,
        ...(failed && { failure: "overloaded" as const }),
        usage,
        cost: { picoDollars, estimated: failed },
        startedMs: 1,
        connectMs: 2,
        firstByteMs: firstContentMs - 5,
        firstContentMs,
        lastContentMs: totalMs - 1,
        totalMs,
      },
    ],
    outcome: failed ? "failed" : "completed",
    status: failed ? 502 : 200,
    ...(failed && { errorCode: "upstream-failed" }),
    usage,
    cost: { picoDollars, estimated: failed, unpricedAttempts: 0 },
    finishReason: "stop",
    upstreamResponseId: `response-${number}`,
    timings: { queueMs: 0.2, gatewayMs: 0.8, firstContentMs, totalMs },
    unit: { id: `unit-${number % 5_000}`, source: "header" },
    conversation: `conversation-${number % 50_000}`,
    capture: "metadata",
    tags: { team: `team-${number % 7}` },
    emulated: false,
  };
}

function decisionOf({ route, variant, deployment }: Draft): NonNullable<RequestRecord["decision"]> {
  return {
    route,
    variant,
    strategy: "weighted",
    candidates: [
      { variant: "fast", probability: 0.7 },
      { variant: "deep", probability: 0.3 },
    ],
    propensity: variant === "fast" ? 0.7 : 0.3,
    draw: 0.5,
    ladder: [deployment, "last-resort"],
    reason: "0.5 fell into its share",
    warnings: [],
    snapshot: { configuration: "c1", statusEpoch: 1, prices: "2026-11-25" },
  };
}

function idBytes(number: number): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, number);
  return bytes;
}
