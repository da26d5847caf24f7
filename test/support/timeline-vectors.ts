import { z } from "zod";
import type { RequestTimeline } from "../../src/core/benchmarks/timeline.ts";
import { readVector } from "./read-vector.ts";

/** What happened to a request, and what every metric of it is. */
export interface TimelineVector {
  readonly id: string;
  /** What it shows, and how its numbers come about. */
  readonly comment: string;
  readonly timeline: RequestTimeline;
  /** By metric, each of its values; metrics that are left out have none. */
  readonly expected: Readonly<Record<string, readonly number[]>>;
}

const kinds = ["role", "reasoning", "content", "tool", "usage"] as const;

const written = z.array(
  z.strictObject({
    id: z.string(),
    comment: z.string(),
    timeline: z
      .strictObject({
        intended_ms: z.number(),
        taken_ms: z.number(),
        started_ms: z.number(),
        sent_ms: z.number(),
        headers_ms: z.number(),
        events: z.array(z.tuple([z.number(), z.enum(kinds)])),
        ended_ms: z.number(),
        usage: z.strictObject({ input: z.int(), output: z.int(), reasoning: z.int() }).optional(),
      })
      .transform(({ events, usage, ...moments }): RequestTimeline => ({
        intendedMs: moments.intended_ms,
        takenMs: moments.taken_ms,
        startedMs: moments.started_ms,
        sentMs: moments.sent_ms,
        headersMs: moments.headers_ms,
        events: events.map(([atMs, kind]) => ({ atMs, kind })),
        endedMs: moments.ended_ms,
        ...(usage && { usage }),
      })),
    expected: z.record(z.string(), z.array(z.number())),
  }),
);

/** The timelines of test/vectors/benchmarks. */
export function timelineVectors(): readonly TimelineVector[] {
  return written.parse(readVector("benchmarks/timelines.json"));
}
