import type { Json } from "#core/kernel/json.ts";
import type { z } from "zod";
import type { RequestFacts } from "#core/routing/request-facts.ts";

/**
 * How a route chooses. A pure function from the request's facts and the eligible variants to a probability for each,
 * so that the propensity that is recorded is the one that was served. Nothing is drawn in here.
 */
export interface Strategy {
  /** The strategy's word in signalbox.yaml, as decisions record it. */
  readonly keyword: string;
  /** What stands behind the word, for people to read. */
  readonly settings: Json;
  /** Every variant that it may choose. */
  readonly variants: readonly string[];
  /**
   * Probabilities of the eligible ones among `variants`: each in (0, 1], their sum 1; names left out have 0.
   * Empty when it can choose none of the eligible ones.
   */
  probabilities(facts: RequestFacts, eligible: Eligible): Probabilities;
}

/** The variants that can serve the request: any set of their names. */
export type Eligible = Pick<ReadonlySet<string>, "has">;

/** A probability for each variant that may be chosen. */
export type Probabilities = ReadonlyMap<string, number>;

/** A kind of strategy: its word and the shape of what stands behind it. */
export interface StrategyKind {
  readonly keyword: string;
  /** Reads the settings as written and gives the strategy. Described, since the editor's schema comes from it. */
  readonly schema: z.ZodType<Strategy>;
}
