import type { RouteResilience } from "./route-resilience.ts";

/**
 * The steps of the ladder below an answer as it was decided, in their order: the same variant elsewhere after a failure, a
 * fallback, a fallback whose answer is bounded more tightly than was asked, an answer that had been kept.
 */
export const degradedSteps = ["elsewhere", "fallback", "shorter", "cached"] as const;

/** One of them. */
export type DegradedStep = (typeof degradedSteps)[number];

/** How what answers differs from what was decided. */
export type Degraded =
  | { readonly step: Exclude<DegradedStep, "shorter"> }
  | {
      readonly step: "shorter";
      /** Tokens of the answer at most. */
      readonly outputTokensMax: number;
    };

/** What is known of who is asked. */
interface AskedInstead {
  /** The variant that was chosen. */
  readonly chosen: string;
  /** The variant that is asked. */
  readonly variant: string;
  /** Whether an attempt failed, and this one goes to a deployment that was not asked before. */
  readonly isElsewhere: boolean;
  readonly bounds: RouteResilience["fallbackOutputTokens"];
  /** What bounds the answer anyway: the variant's parameter, else the client's; undefined where nothing does. */
  readonly outputTokensMax: number | undefined;
}

// One object for all requests.
const elsewhere: Degraded = { step: "elsewhere" };
const fallback: Degraded = { step: "fallback" };

/** On which step of the ladder a variant is asked; undefined where it is what was decided. Pure. */
export function degradedBy({
  chosen,
  variant,
  isElsewhere,
  bounds,
  outputTokensMax,
}: AskedInstead): Degraded | undefined {
  if (variant === chosen) return isElsewhere ? elsewhere : undefined;
  const bound = bounds?.get(variant);
  if (bound === undefined || (outputTokensMax !== undefined && outputTokensMax <= bound)) return fallback;
  return { step: "shorter", outputTokensMax: bound };
}
