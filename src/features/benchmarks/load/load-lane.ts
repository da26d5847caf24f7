import type { Arrival, RequestSize } from "#core/benchmarks/arrivals/arrival.ts";
import type { Measurement } from "#core/benchmarks/measurement.ts";
import type { LoadTarget } from "./load-target.ts";

/** What one target gets in a run, and what came of it. */
export interface LoadLane {
  readonly target: LoadTarget;
  readonly source: LoadSource;
  /** Its own, so that all targets are asked the same in the same order. */
  readonly prompts: LoadPrompts;
  readonly measurement: Measurement;
}

/** Where requests come from: a schedule that nothing holds up, or users of whom each waits for an answer. */
export type LoadSource =
  | { readonly kind: "open"; readonly arrivals: Iterator<Arrival> }
  | { readonly kind: "closed"; readonly users: number; readonly durationMs: number };

/** What requests say. */
export interface LoadPrompts {
  /** The prompt of the next request. @param size as the schedule wants it; undefined where the prompts decide */
  next(size: RequestSize | undefined): LoadPrompt;
  /** What a user says when an answer was there. */
  further(): LoadPrompt;
}

/** What is said, and how long the answer may be. */
export interface LoadPrompt {
  readonly text: string;
  readonly outputTokensMax?: number;
}
