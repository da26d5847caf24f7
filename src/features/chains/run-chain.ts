import type { ChainValues } from "#core/chains/value-condition.ts";
import type { Json } from "#core/kernel/json.ts";
import { eventsOfWork } from "./run/events-of-work.ts";
import type { RunContext, RunEvent } from "./run/run-context.ts";
import { runWholeChain } from "./run/run-steps.ts";

// With what it imports, the only module of this feature that loads LangChain: 240 ms and 60 MB (measured 2026-11-25)
// that a Signalbox whose chains nobody calls saves.

/** One run of a chain. */
export interface ChainRun {
  readonly context: Omit<RunContext, "tell" | "streams" | "tellsSteps">;
  /** Every variable of the chain. */
  readonly input: ChainValues;
  /** Ends the run. */
  readonly stop: () => void;
}

/** Runs a chain to its end. @returns its output */
export async function invokeChain({ context, input, stop }: ChainRun): Promise<Json> {
  try {
    const silent = { ...context, streams: false, tellsSteps: false, tell: () => Promise.resolve() };
    return await runWholeChain(input, silent);
  } finally {
    stop();
  }
}

/**
 * Runs a chain and tells of it: the text of its last step piece by piece, and its steps where that is wanted.
 * @returns its output, as the generator's result
 */
export function streamChain(
  { context, input, stop }: ChainRun,
  options: { readonly tellsSteps: boolean },
): AsyncGenerator<RunEvent, Json> {
  return eventsOfWork<RunEvent, Json>(
    (tell) => runWholeChain(input, { ...context, ...options, streams: true, tell }),
    stop,
  );
}
