import type { Json } from "#core/kernel/json.ts";
import type { z } from "zod";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import type { RoutingView } from "#core/routing/routing-view.ts";
import type { Variant } from "#core/routing/variant.ts";

/**
 * How a route chooses. A pure function from the request and the eligible variants to a probability for each, so that
 * the propensity that is recorded is the one that was served.
 */
export interface Strategy {
  /** The strategy's word in signalbox.yaml, as decisions record it. */
  readonly keyword: string;
  /** What stands behind the word, for people to read. */
  readonly settings: Json;
  /** Every variant that it may choose, each once. */
  readonly variants: readonly string[];
  /** The strategies that it chooses from; none for the one that names a variant. */
  readonly parts: readonly Strategy[];
  /**
   * Probabilities of the eligible ones among `variants`: each in (0, 1], their sum 1; names left out have 0.
   * Empty when it can choose none of the eligible ones.
   */
  probabilities(input: StrategyInput): Probabilities;
  /**
   * Takes one where not (only) the number drawn decides: whose turn it is, whom the unit belongs to. Over all turns
   * and units each is taken as often as `probabilities` says. Absent: the number falls on one of the probabilities.
   * @param unit a number drawn uniformly from [0, 1)
   * @returns undefined when there is none
   */
  draw?(input: StrategyInput, unit: number): string | undefined;
  /** What it weighed, for people: scores by part or by name. Asked only when a decision is to be explained. */
  scores?(input: StrategyInput): Json;
}

/** What a strategy chooses by. */
export interface StrategyInput {
  /** The route's name. */
  readonly route: string;
  readonly facts: RequestFacts;
  readonly eligible: Eligible;
  /** ms since 1970. */
  readonly nowMs: number;
  readonly view: RoutingView;
}

/** The variants that can serve the request, by name; each with those of its deployments that can. */
export type Eligible = Pick<ReadonlyMap<string, Variant>, "has" | "get">;

/** A probability for each variant that may be chosen. */
export type Probabilities = ReadonlyMap<string, number>;

/** A kind of strategy: its word and the shape of what stands behind it. */
export interface StrategyKind {
  readonly keyword: string;
  /**
   * Makes the schema that reads the settings as written and gives the strategy. Described, since the editor's schema
   * comes from it.
   * @param target reads what a strategy chooses from: the name of a variant, or another strategy
   */
  readonly schema: (target: StrategySchema) => StrategySchema;
}

/** Reads a strategy. */
export type StrategySchema = z.ZodType<Strategy>;
