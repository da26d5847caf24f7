import type { Finding } from "./finding.ts";
import type { Incident } from "./incidents.ts";
import { minuteText } from "./minute-text.ts";
import { shareText } from "./share-text.ts";

/** What became of the requests of common incidents. */
export type LeftOut =
  | { readonly kind: "left-out" }
  /** Some of their rows are gone, or they are so many that what remains would be no fair part. */
  | { readonly kind: "kept"; readonly why: "rows-gone" | "too-many" };

const keptTexts = {
  "rows-gone": "the log no longer has all of them, so that they stay in",
  "too-many": "they are too many to be left out, so that they stay in",
} as const;

/** Times in which all variants were hit, and that their requests are left out of all, or why they are not. */
export function windowFindings(incidents: readonly Incident[], leftOut: LeftOut): readonly Finding[] {
  return incidents.map((incident): Finding => {
    const what = `${timeText(incident)} ${rates(incident)} of the requests of all variants failed or were answered by a fallback: an incident that hit all of them`;
    const came = `${incident.requests} requests came then`;
    if (leftOut.kind === "left-out") {
      const text = `${what}; ${came}, and are left out of all variants`;
      return { code: "excluded-window", severity: "note", text };
    }
    return {
      code: "excluded-window",
      severity: "warning",
      text: `${what}; ${came}: ${keptTexts[leftOut.why]}`,
    };
  });
}

/** Requests of storms, as a share of the variant's, below which they move no metric by much. */
const fewShare = 0.01;
/** Storms of a variant that are told. */
const toldMax = 3;

/** Times in which a variant's fallbacks answered, and what that means for the result. */
export function stormFindings(
  { variant, requests }: { readonly variant: string; readonly requests: number },
  storms: readonly Incident[],
): readonly Finding[] {
  const severity = stormy(storms) / requests < fewShare ? "note" : "warning";
  const largest = storms.toSorted((one, other) => other.requests - one.requests).slice(0, toldMax);
  return largest.map((storm): Finding => {
    const text = `${timeText(storm)} ${rates(storm)} of the requests of ${variant} were answered by a fallback, in ${shareText(storm.requests / requests)} of all its requests: as assigned, the result compares what answered then, not ${variant} alone`;
    return { code: "fallback-storm", severity, about: variant, text };
  });
}

function stormy(storms: readonly Incident[]): number {
  return storms.reduce((sum, { requests }) => sum + requests, 0);
}

function timeText({ fromMs, toMs }: Incident): string {
  return `From ${minuteText(fromMs)} to ${minuteText(toMs)}`;
}

function rates({ share, shareOtherwise }: Incident): string {
  return `${shareText(share)} (otherwise ${shareText(shareOtherwise)})`;
}
