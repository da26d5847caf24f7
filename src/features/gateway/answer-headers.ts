import type { ServedDialect } from "#core/dialects/dialect.ts";
import { BoundedMap } from "#core/kernel/bounded-map.ts";
import type { DegradedStep } from "#core/routing/degraded.ts";
import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { ShadowChoice } from "#core/routing/shadow.ts";
import { usdText } from "#core/pricing/money.ts";
import type { Trailers } from "#features/gateway/client-port.ts";
import { requestIdHeaders } from "#features/gateway/request-id-headers.ts";
import type { RequestCost } from "#features/traffic/index.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Facts about an answer that its headers tell. */
export interface AnswerFacts {
  readonly requestId: string;
  /** The client's. */
  readonly dialect: ServedDialect;
  readonly route: string;
  /** What an experiment made of the request; undefined where none took it. */
  readonly experiment: ExperimentChoice | undefined;
  /** By whom it is answered once more, off-line; absent where by nobody. */
  readonly shadow?: ShadowChoice | undefined;
  /** Who answers, or answered when the answer was kept. */
  readonly rung: Pick<Rung, "variant" | "deployment" | "emulated">;
  readonly contentType: string;
  /** The step of the ladder that answers; undefined where that is what was decided. */
  readonly degraded: DegradedStep | undefined;
  /** How many upstream calls were made, the answering one included. */
  readonly attempts: number;
  /** Time spent in Signalbox so far, upstream excluded, ms. */
  readonly gatewayMs: number;
}

/** The headers of an answer that a model gave. Names are part of the interface (docs/glossary.md). */
export function answerHeaders(facts: AnswerFacts): Readonly<Record<string, string>> {
  const { rung } = facts;
  const headers = requestIdHeaders(facts.requestId, facts.dialect);
  headers["content-type"] = facts.contentType;
  headers["x-signalbox-route"] = headerText(facts.route);
  headers["x-signalbox-variant"] = headerText(rung.variant);
  headers["x-signalbox-deployment"] = headerText(rung.deployment);
  headers["x-signalbox-attempts"] = String(facts.attempts);
  headers["server-timing"] = `gateway;dur=${facts.gatewayMs.toFixed(2)}`;
  if (facts.experiment) Object.assign(headers, experimentHeader(facts.experiment));
  if (facts.shadow) headers["x-signalbox-shadow"] = headerText(`${facts.shadow.name}@${facts.shadow.phase}`);
  if (facts.degraded) headers["x-signalbox-degraded"] = facts.degraded;
  if (rung.emulated) headers["x-signalbox-emulated"] = "true";
  return headers;
}

/** Tells, behind a stream that broke, which deployment went on with it. */
const resumedTrailer = "x-signalbox-resumed";

/** Tells, behind a stream, what the request cost: what a whole answer tells in its head. */
const costTrailer = "x-signalbox-cost-usd";

/** The names that a stream's head announces; undefined where nothing will be told behind it. */
export function announcedTrailers(told: {
  readonly resumed: boolean;
  readonly cost: boolean;
}): string | undefined {
  const names = [...(told.resumed ? [resumedTrailer] : []), ...(told.cost ? [costTrailer] : [])];
  return names.length === 0 ? undefined : names.join(", ");
}

/** What is told behind a stream. @param deployment the one that went on with it; undefined where none had to */
export function resumedTrailers(deployment: string | undefined): Trailers {
  return deployment === undefined ? noTrailers : { [resumedTrailer]: headerText(deployment) };
}

const noTrailers: Trailers = {};

/** What a request cost as a header: `x-signalbox-cost-usd`. None where an attempt has no known price. */
export function costHeader(cost: RequestCost | undefined): Readonly<Record<string, string>> {
  if (!cost || cost.unpricedAttempts > 0) return {};
  return { [costTrailer]: usdText(cost.picoDollars) };
}

/** The headers of an error that stands in for an answer: every attempt failed. */
export function failureHeaders(facts: {
  readonly route: string;
  readonly experiment: ExperimentChoice | undefined;
  readonly attempts: number;
  /** Whether the last failure was an emulator's. */
  readonly emulated: boolean;
  readonly cost: RequestCost | undefined;
}): Readonly<Record<string, string>> {
  return {
    "x-signalbox-route": headerText(facts.route),
    "x-signalbox-attempts": String(facts.attempts),
    ...experimentHeader(facts.experiment),
    ...costHeader(facts.cost),
    ...(facts.emulated && { "x-signalbox-emulated": "true" }),
  };
}

/** The experiment whose unit a request is, with its phase: `x-signalbox-experiment: flash-or-pro@2`. None for one outside. */
function experimentHeader(experiment: ExperimentChoice | undefined): Readonly<Record<string, string>> {
  if (!experiment || "outside" in experiment) return {};
  return { "x-signalbox-experiment": headerText(`${experiment.name}@${experiment.phase}`) };
}

/** Most names whose texts are remembered: far more than a configuration has. */
const namesMax = 10_000;
const headerTexts = new BoundedMap<string, string>(namesMax);

/** A name as a header value: what headers cannot hold is percent-encoded. Names are those of a configuration, and few. */
function headerText(name: string): string {
  const known = headerTexts.get(name);
  if (known !== undefined) return known;
  const text = encodeURI(name);
  headerTexts.set(name, text);
  return text;
}
