import { requestId } from "#core/kernel/request-id.ts";
import type { AssignedRecord, AttemptRecord, DecisionRecord, RequestRecord } from "./request-record.ts";

/** 2026-11-25 12:00:00 UTC. */
export const noonMs = Date.UTC(2026, 10, 25, 12);

/** An id at a time, told apart by a number (0 to 2^32 - 1) that also orders ids of one millisecond. */
export function testId(timeMs: number, number = 0): string {
  const chance = new Uint8Array(10);
  new DataView(chance.buffer).setUint32(6, number);
  return requestId(timeMs, chance);
}

/** A completed chat request with one attempt; `changes` say what is different. */
export function testRecord(changes: Partial<RequestRecord> = {}): RequestRecord {
  const startedAtMs = changes.startedAtMs ?? noonMs;
  return {
    requestId: testId(startedAtMs),
    startedAtMs,
    operation: "chat",
    dialect: "openai-chat",
    stream: true,
    model: "support",
    decision: testDecision(),
    attempts: [testAttempt()],
    outcome: "completed",
    status: 200,
    timings: { queueMs: 0, totalMs: 812.5, gatewayMs: 1.25, firstContentMs: 240.5 },
    capture: "metadata",
    tags: {},
    emulated: true,
    ...changes,
  };
}

/** A decision for one of two variants. */
export function testDecision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    route: "support",
    variant: "fast",
    strategy: "weighted",
    candidates: [
      { variant: "fast", probability: 0.75 },
      { variant: "deep", probability: 0.25 },
      { variant: "old", probability: 0, excluded: "shut down" },
    ],
    propensity: 0.75,
    draw: 0.125,
    degraded: "fallback",
    ladder: ["google-a", "google-b"],
    reason: "0.125 fell into the share of fast",
    warnings: [{ code: "dropped", field: "logit_bias", message: "Gemini has no logit_bias" }],
    snapshot: { configuration: "c1", statusEpoch: 7, prices: "2026-11-25" },
    ...changes,
  };
}

/** What an experiment assigned: one of two halves. */
export function testAssignment(changes: Partial<AssignedRecord> = {}): AssignedRecord {
  return {
    name: "flash-or-pro",
    phase: 2,
    variant: "fast",
    propensity: 0.5,
    unit: "s8FJvqk2ZkqC0mSd6XxW3A",
    stable: true,
    ...changes,
  };
}

/** A completed attempt. */
export function testAttempt(changes: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    attempt: 1,
    deployment: "google-a",
    provider: "google",
    variant: "fast",
    model: "gemini-3.8-flash",
    outcome: "completed",
    status: 200,
    startedMs: 1.25,
    firstByteMs: 200,
    firstContentMs: 239.25,
    totalMs: 811.25,
    ...changes,
  };
}
