import { minuteText } from "./minute-text.ts";
import { isVersionDrift, versionsByModel, type VersionCount } from "./version-findings.ts";

/** How often a version answered, and until when. */
export interface VersionSpan extends VersionCount {
  /** The minute of its last answer, ms since 1970. */
  readonly lastMs: number;
}

/** Another version of a model that answers for a variant, alone by now. */
export interface VersionChange {
  readonly variant: string;
  readonly model: string;
  /** What answered before, the earliest first. */
  readonly before: readonly string[];
  readonly after: string;
  /** The minute after the last answer of any other version, ms since 1970. */
  readonly aloneSinceMs: number;
}

const minuteMs = 60_000;
/** For how long a version must have answered alone, ms: at least, */
const aloneMsMin = 10 * minuteMs;
/** and at most, however long it took turns with others before: a day, in which what turns with the hours comes again. */
const aloneMsMax = 24 * 60 * minuteMs;
/** And how many answers it must have given alone. */
const aloneAnswersMin = 20;
/** Former versions that a reason names. */
const namedMax = 3;

/**
 * Where the versions that answered for a variant make it more than one treatment (`version-drift`), and another one than at first
 * has answered alone since, for ten minutes and for as long as it took turns with others, a day at most: versions that alternate
 * are not alone for long. Whether it answered often enough alone, `isForGood` says.
 * @param spans all of one phase
 */
export function versionChanges(spans: readonly VersionSpan[]): readonly VersionChange[] {
  return versionsByModel(spans).flatMap(versionChange);
}

function versionChange(spans: readonly VersionSpan[]): readonly VersionChange[] {
  const versions = spans.toSorted((one, other) => one.firstMs - other.firstMs);
  const [first, ...later] = versions;
  if (!first || !isVersionDrift(versions)) return [];
  const now = later.reduce((last, one) => (one.lastMs > last.lastMs ? one : last), first);
  if (now === first) return [];
  const others = versions.filter((one) => one !== now);
  const aloneSinceMs = Math.max(...others.map(({ lastMs }) => lastMs)) + minuteMs;
  const mixedMs = aloneSinceMs - now.firstMs;
  const aloneMs = now.lastMs - Math.max(aloneSinceMs, now.firstMs);
  if (aloneMs < Math.min(Math.max(aloneMsMin, mixedMs), aloneMsMax)) return [];
  const { variant, model, version: after } = now;
  return [{ variant, model, before: others.map(({ version }) => version), after, aloneSinceMs }];
}

/**
 * Whether a change is one for good: enough answers came since, all of them of the new version.
 * @param since versions that answered from the moment on that it says
 */
export function isForGood({ variant, model, after }: VersionChange, since: readonly VersionCount[]): boolean {
  const own = since.filter((one) => one.variant === variant && one.model === model);
  const answers = own.reduce((sum, { requests }) => sum + requests, 0);
  return answers >= aloneAnswersMin && own.every(({ version }) => version === after);
}

/** A change in words: which version answers for what, since when, and which did before. */
export function versionChangeText({ variant, model, before, after, aloneSinceMs }: VersionChange): string {
  const more = before.length > namedMax ? `, and ${before.length - namedMax} more` : "";
  const former = before.slice(0, namedMax).join(", ");
  return `${variant} is answered by version ${after} of ${model} since ${minuteText(aloneSinceMs)}, by ${former}${more} before`;
}
