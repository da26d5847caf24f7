import { quantile } from "../../bench/measure/quantile.ts";
import type { LoadSample } from "./load.ts";
import type { Phase } from "./phases.ts";
import { deployments, wellMsMax } from "./upstream.ts";

/** What is wanted of a brown-out. */
export interface BrownOutWanted {
  /** Most requests that may fail at the client, a share in [0, 1]. */
  readonly errorShareMax: number;
  /** The quantile of answer times that is judged, in (0, 1). */
  readonly quantile: number;
  /** The most that it may be of the healthy phase's. */
  readonly ratioMax: number;
  /** How long it has to come back after a phase has begun, ms. */
  readonly settleMs: number;
  /** How long the deployment has to come back to its full share once it is well again, ms. */
  readonly shareMs: number;
  /** Its full share, of an equal one: what chance alone may take away. */
  readonly fullShareMin: number;
  /**
   * The most that the healthy phase may take of what it must: a slower one was disturbed by other work on the machine, and
   * would excuse slow phases.
   */
  readonly baselineMax: number;
}

/** What was measured. */
export interface BrownOutFigures {
  readonly requests: number;
  readonly failed: number;
  /** The worst quantile / healthy quantile over the other phases, streams and whole answers, each from `settleMs` on. */
  readonly ratio: number;
  /** The healthy quantile beside the longest that a deployment which is well takes: the yardstick, measured. */
  readonly baseline: number;
  /** The part of an equal share that the deployment has from `shareMs` after its recovery on. */
  readonly share: number;
  readonly ok: boolean;
  /** A line for each phase, and what failed. */
  readonly details: readonly string[];
}

/** Failed requests that are told one by one. */
const problemsMax = 10;

interface Window {
  readonly phase: Phase["name"];
  readonly samples: readonly LoadSample[];
}

/** Takes the figures of a run. */
export function figuresOf(
  samples: readonly LoadSample[],
  phases: readonly Phase[],
  wanted: BrownOutWanted,
): BrownOutFigures {
  const settled = windowsOf(samples, phases, wanted.settleMs);
  const healthy = settled.find(({ phase }) => phase === "healthy");
  const healthyMs = (kind: Kind): number => timeMs(healthy?.samples ?? [], kind, wanted);
  const others = settled.filter(({ phase }) => phase !== "healthy");
  const ratio = Math.max(
    ...others.flatMap((window) =>
      kinds.map((kind) => timeMs(window.samples, kind, wanted) / healthyMs(kind)),
    ),
  );
  const baseline = Math.max(...kinds.map((kind) => healthyMs(kind) / wellMsMax[kind]));
  const back = windowsOf(samples, phases, wanted.shareMs).find(({ phase }) => phase === "recovered");
  const share = shareOf(back?.samples ?? []);
  const failed = samples.filter(({ ok }) => !ok);
  const { errorShareMax, ratioMax, fullShareMin, baselineMax } = wanted;
  return {
    requests: samples.length,
    failed: failed.length,
    ratio,
    baseline,
    share,
    ok:
      samples.length > 0 &&
      baseline <= baselineMax &&
      failed.length <= samples.length * errorShareMax &&
      ratio <= ratioMax &&
      share >= fullShareMin,
    details: [
      ...(baseline <= baselineMax
        ? []
        : [
            `nothing can be judged: the healthy phase took ${baseline.toFixed(2)} times what it must, the machine is busy`,
          ]),
      ...windowsOf(samples, phases, 0).map((whole, at) => phaseLine(whole, settled[at], wanted)),
      ...failed
        .slice(0, problemsMax)
        .map(({ sentMs, problem }) => `failed at ${Math.round(sentMs)} ms: ${problem ?? ""}`),
    ],
  };
}

const kinds = ["stream", "whole"] as const;
type Kind = (typeof kinds)[number];

/** The samples of each phase, from some time after its beginning. */
function windowsOf(
  samples: readonly LoadSample[],
  phases: readonly Phase[],
  fromMs: number,
): readonly Window[] {
  let beganMs = 0;
  return phases.map(({ name, lastsMs }) => {
    const [from, to] = [beganMs + fromMs, beganMs + lastsMs];
    beganMs = to;
    return { phase: name, samples: samples.filter(({ sentMs }) => sentMs >= from && sentMs < to) };
  });
}

/** NaN, which is never within a bound, where there are no samples. */
function timeMs(
  samples: readonly LoadSample[],
  kind: Kind,
  { quantile: share }: Pick<BrownOutWanted, "quantile">,
): number {
  const times = samples
    .filter(({ stream }) => stream === (kind === "stream"))
    .map(({ contentMs }) => contentMs)
    .filter((ms) => ms !== undefined);
  return quantile(times, share);
}

/** The part of an equal share that the deployment which browned out has. */
function shareOf(samples: readonly LoadSample[]): number {
  const answered = samples.filter(({ ok }) => ok);
  const its = answered.filter(({ deployment }) => deployment === deployments.at(-1)).length;
  return (its / answered.length) * deployments.length;
}

function phaseLine({ phase, samples }: Window, settled: Window | undefined, wanted: BrownOutWanted): string {
  const failed = samples.filter(({ ok }) => !ok).length;
  const times = kinds
    .map((kind) => `${kind} ${timeMs(settled?.samples ?? [], kind, wanted).toFixed(0)} ms`)
    .join(", ");
  const tenths = Array.from({ length: 10 }, (_, at) => {
    const from = Math.round((samples.length * at) / 10);
    const to = Math.round((samples.length * (at + 1)) / 10);
    return shareOf(samples.slice(from, to)).toFixed(2);
  }).join(" ");
  return `${phase}: ${failed} of ${samples.length} failed, p${wanted.quantile * 100} once settled: ${times}; share of an equal one by tenths: ${tenths}`;
}
