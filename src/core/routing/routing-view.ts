import { characteristicsOfText, type Characteristics } from "./characteristics/characteristics.ts";
import type { ExperimentUnit, FoundUnit } from "./experiment-unit.ts";
import type { SizeClass } from "./size-class.ts";

/**
 * What strategies may ask of a request beside its facts. Everything here is asked for only by the strategies that need
 * it, so each question costs only the routes that ask it. The gateway answers; `neutralView` knows nothing.
 */
export interface RoutingView {
  /** A header of the request by its name in lower case; those with credentials are never told. */
  header(name: string): string | undefined;
  readonly caller: Caller;
  /** The name of whom or what the request is for; the same for every request of one unit (or of one conversation). */
  stickyKey(by: StickyBy): string;
  /** The unit of an experiment that randomises by such. */
  unit(by: ExperimentUnit): FoundUnit;
  /** The beginning of the user's newest message, at most `messageLengthMax` characters; empty where there is none. */
  newestMessage(): string;
  /** What the request's words look like; made at most once for a request. */
  characteristics(): Characteristics;
  /** The number of times that a strategy took its turn before: 0, 1, 2, ... Each call counts as one. */
  turn(strategy: object): number;
  readonly measured: Measurements;
}

/** Who calls, as conditions may tell callers apart. */
export interface Caller {
  readonly kind: "key" | "admin" | "anyone";
  /** Id of the API key, of a caller with one. */
  readonly keyId?: string;
}

/** What an assignment sticks to. */
export type StickyBy = "unit" | "conversation";

/** Most characters of the newest message that conditions and characteristics look at. */
export const messageLengthMax = 4_096;

/** What was measured of deployments lately; undefined where too little is known. */
export interface Measurements {
  /** Milliseconds to the first content for requests of that size. */
  firstContentMs(deployment: string, size: SizeClass): number | undefined;
  /** Answer tokens a second, once content comes. */
  tokensPerSecond(deployment: string, size: SizeClass): number | undefined;
  /** What is left of this minute's limits; undefined where none is set. */
  headroom(deployment: string): Headroom | undefined;
  /** Answer tokens of a variant's requests on average, thinking included. */
  answerTokens(variant: string): number | undefined;
}

/** What may still be asked within a minute; absent is unlimited. */
export interface Headroom {
  readonly requests?: number;
  readonly tokens?: number;
}

/** Measurements of a gateway that has not served anything. */
export const nothingMeasured: Measurements = {
  firstContentMs: () => undefined,
  tokensPerSecond: () => undefined,
  headroom: () => undefined,
  answerTokens: () => undefined,
};

/** A request of which nothing but its facts is known. */
export const neutralView: RoutingView = {
  header: () => undefined,
  caller: { kind: "anyone" },
  stickyKey: () => "",
  unit: () => ({ name: "", kind: "unit", stable: false }),
  newestMessage: () => "",
  characteristics: () => characteristicsOfText("", ""),
  turn: () => 0,
  measured: nothingMeasured,
};
