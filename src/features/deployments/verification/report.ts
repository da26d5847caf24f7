import { z } from "zod";

/**
 * What is tried of a deployment before it takes requests: of one that chats from `text` to `price`, of one that embeds
 * `vector`, `batch` and `dimensions`, then `usage` and `price`.
 */
export const checkNames = [
  "text",
  "stream",
  "tools",
  "structured-output",
  "image",
  "long-context",
  "vector",
  "batch",
  "dimensions",
  "usage",
  "price",
] as const;

/** One of them. */
export type CheckName = (typeof checkNames)[number];

const checkLine = z.object({
  check: z.enum(checkNames),
  outcome: z.enum(["passed", "failed", "skipped"]),
  /** ms; 0 for what was skipped. */
  durationMs: z.number(),
  /** What was found, or why it was skipped. Never what was asked or answered. */
  detail: z.string(),
  /** Ids of the requests that it was found with, in the request log. */
  requestIds: z.array(z.string()),
});

/** What a verification found, line by line, in the order in which it was tried. */
export const verificationReport = z.object({
  startedAtMs: z.number(),
  durationMs: z.number(),
  lines: z.array(checkLine),
});

/** One line of a report. */
export type CheckLine = z.output<typeof checkLine>;

/** What a verification found. */
export type VerificationReport = z.output<typeof verificationReport>;
