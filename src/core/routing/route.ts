import type { RouteAffinity } from "./affinity.ts";
import type { CapturePolicy } from "./capture-policy.ts";
import type { RequiredTags } from "./required-tags.ts";
import type { RouteResilience } from "./route-resilience.ts";
import type { Strategy } from "./strategies/strategy.ts";
import type { Variant } from "./variant.ts";

/** What stands behind a name that an application puts in `model`. */
export interface Route {
  /** The route's name; for a deployment or a model called by its own name that name. */
  readonly name: string;
  readonly kind: RouteKind;
  readonly strategy: Strategy;
  /** Every variant that the strategy or the fallbacks name, by name. */
  readonly variants: ReadonlyMap<string, Variant>;
  /** Names of variants to try, in order, when the chosen one's deployments have failed. */
  readonly fallbacks: readonly string[];
  /** What the tags of a deployment must be, for it to serve this route. */
  readonly requires?: RequiredTags;
  readonly deadlines: RouteDeadlines;
  /** What is done when a deployment fails or is slow; `defaultResilience` where absent. */
  readonly resilience?: RouteResilience;
  /** What keeps its conversations on their deployments; absent where nothing does. */
  readonly affinity?: RouteAffinity;
  /** What is kept of its requests. */
  readonly capture: CapturePolicy;
}

/** Whether the route is written in signalbox.yaml, or stands for a deployment or a catalog model. */
export type RouteKind = "route" | "deployment" | "model";

/** How long each phase may take, ms > 0; undefined is unbounded. */
export interface RouteDeadlines {
  /** Until the first content of a stream. */
  readonly firstTokenMs?: number;
  /** Until a whole answer is there, each attempt by itself. */
  readonly answerMs?: number;
  /** Between two pieces of content. */
  readonly idleMs?: number;
  /** The whole request, all attempts together. */
  readonly totalMs?: number;
}

/**
 * What holds where a route writes nothing: no request waits for ever. A connection is given 3 s besides, whatever the route.
 * Long thinking shows nothing for a minute or more, hence the two minutes to the first content.
 */
export const defaultDeadlines = { firstTokenMs: 120_000, idleMs: 60_000, totalMs: 600_000 } as const;
