import type { z } from "zod";
import type { liveScorerSchema } from "./schema/evaluation.ts";

/** What scores a sample of the answers of routes, after their clients have them. */
export interface OnlineEvaluation {
  readonly name: string;
  readonly routes: ReadonlySet<string>;
  /** The share of requests, in (0, 1]. */
  readonly sample: number;
  /** By name; never empty. Each can be made, and needs nothing but the answer. */
  readonly scorers: ReadonlyMap<string, OnlineScorer>;
  /** What judges may cost in a day (UTC), pico-dollars; absent where there is no judge. */
  readonly budget?: number;
}

/** A scorer of live answers, as it is described. */
export type OnlineScorer = z.output<typeof liveScorerSchema>;

/** The name of the feedback that a scorer's scores are. */
export function scoreName(evaluation: string, scorer: string): string {
  return `${evaluation}.${scorer}`;
}
