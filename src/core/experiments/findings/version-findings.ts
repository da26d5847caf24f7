import type { Finding } from "./finding.ts";
import { minuteText } from "./minute-text.ts";
import { shareText } from "./share-text.ts";

/** How often a version of a model answered for a variant that was assigned. */
export interface VersionCount {
  readonly variant: string;
  /** The model's id that the provider was asked for. */
  readonly model: string;
  /** What the provider said answered. */
  readonly version: string;
  readonly requests: number;
  /** When it answered first, ms since 1970. */
  readonly firstMs: number;
}

/** As long as others than the most frequent version answer less than this share, they move no metric by much. */
const fewShare = 0.01;
/** Versions that a finding names; of more, their number. */
const namedMax = 5;

/**
 * Where several versions of one model answered for a variant: it is then not one treatment, whether its provider changed it
 * midway or lets versions take turns behind one name. A variant of several models is compared model by model: providers name
 * their versions as they like.
 */
export function versionFindings(counts: readonly VersionCount[]): readonly Finding[] {
  return versionsByModel(counts).flatMap(versionFinding);
}

/** The versions of each model of each variant: what may be one treatment. */
export function versionsByModel<Count extends VersionCount>(
  counts: readonly Count[],
): readonly (readonly Count[])[] {
  return [...Map.groupBy(counts, ({ variant, model }) => JSON.stringify([variant, model])).values()];
}

/** Whether versions of one model are more than one treatment: others than the most frequent one answer a hundredth or more. */
export function isVersionDrift(versions: readonly VersionCount[]): boolean {
  const requests = versions.reduce((sum, one) => sum + one.requests, 0);
  const most = Math.max(...versions.map((one) => one.requests));
  return (requests - most) / requests >= fewShare;
}

function versionFinding(versions: readonly VersionCount[]): readonly Finding[] {
  const [first, ...others] = versions.toSorted((one, other) => one.firstMs - other.firstMs);
  if (!first || others.length === 0) return [];
  const { variant, model } = first;
  const requests = versions.reduce((sum, one) => sum + one.requests, 0);
  const isFew = !isVersionDrift(versions);
  const share = (one: VersionCount): string => shareText(one.requests / requests);
  const named = [
    `${first.version} (${share(first)} of its answers)`,
    ...others.map((one) => `${one.version} (${share(one)}, since ${minuteText(one.firstMs)})`),
  ];
  const more = named.length > namedMax ? `, and ${named.length - namedMax} more` : "";
  const meaning = isFew ? "too few to matter by now" : "it is not one treatment";
  const text = `${variant} was answered by ${versions.length} versions of ${model}: ${named.slice(0, namedMax).join(", ")}${more}: ${meaning}`;
  return [{ code: "version-drift", severity: isFew ? "warning" : "invalid", about: variant, text }];
}
