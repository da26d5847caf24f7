import { readFileSync } from "node:fs";
import { z } from "zod";
import { faultNames } from "./upstream/fault-names.ts";

/** How an answer can end, as its client sees it. */
export const outcomes = [
  /** One deployment's answer, whole, with a finish. */
  "answered",
  /** The provider's filter stopped the answer, and the client is told so by the finish reason. */
  "blocked",
  /** An error status with an error object of the dialect; nothing of an answer came. */
  "typed-error",
  /** A stream that had begun ended with an error frame of the dialect. */
  "error-frame",
  /** An error status without a readable error. */
  "untyped-error",
  /** The connection broke, or ended before the HTTP answer did: the client knows that, and nothing else. */
  "broken-off",
  /** It looks whole and is not: the worst that can happen, because nobody notices. */
  "fake-clean-end",
  /** Pieces of two deployments in one answer. */
  "spliced",
  /** Nothing ended within the deadline. */
  "hang",
] as const;

/** One of them. */
export type Outcome = (typeof outcomes)[number];

const cellSchema = z.strictObject({
  fault: z.enum(faultNames),
  /** Whether the client asks for a stream or for a whole answer. */
  mode: z.enum(["stream", "whole"]),
  /** Whether the fault strikes before or after the first content of a stream; of a whole answer nothing is seen before all is. */
  when: z.enum(["before", "after"]),
  /** Which deployments have the fault: the first that is asked, both of the pool, or both while a fallback of another model is well. */
  failing: z.enum(["one", "all", "all-but-fallback"]),
  /** What may become of the request; any of these is as wanted. */
  expect: z.array(z.enum(outcomes)).min(1),
  /** Statuses that an error may have. */
  status: z.array(z.int().min(400).max(599)).optional(),
  /** Whether the error must say when to try again (`retry-after`, 1 to 60 s). */
  retryAfter: z.literal(true).optional(),
  /** Most calls that deployments may see for the request. */
  attemptsMax: z.int().min(1),
});

/** A cell of the matrix with what is wanted of it. */
export type Cell = z.output<typeof cellSchema> & {
  /** `fault/mode/when/failing`. */
  readonly id: string;
};

/** The file that holds the matrix. */
const matrixFile = new URL("../../test/vectors/faults/matrix.json", import.meta.url);

/** Every cell of the matrix, in its order. */
export function readMatrix(): readonly Cell[] {
  const rows = z.array(cellSchema).parse(JSON.parse(readFileSync(matrixFile, "utf8")));
  return rows.map((row) => ({ ...row, id: [row.fault, row.mode, row.when, row.failing].join("/") }));
}
