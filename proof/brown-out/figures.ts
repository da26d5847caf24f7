import { quantile } from "../../bench/measure/quantile.ts";
import type { LoadSample } from "./load.ts";
import type { Phase } from "./phases.ts";
import { deployments } from "./upstream.ts";

/** What is wanted of a brown-out. */
export interface BrownOutWanted {
  /** Most requests that may fail at the client, a share in [0, 1]. */
  readonly errorShareMax: number;
  /** The most that p99 may be of the healthy phase's. */
  readonly p99RatioMax: number;
  /** How long p99 has to come back after a phase has begun, ms. */
  readonly settleMs: number;
  /** How long the deployment has to come back to its full share once it is well again, ms. */
  readonly shareMs: number;
  /** Its full share, of an equal one: what chance alone may take away. */
  readonly fullShareMin: number;
}

/** What was measured. */
export interface BrownOutFigures {
  readonly requests: number;
  readonly failed: number;
  /** The worst of p99 / healthy p99 over phases, streams and whole answers, each from `settleMs` on. */
  readonly p99Ratio: number;
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
  const ratios = settled.flatMap((window) =>
    kinds.map((kind) => p99(window.samples, kind) / p99(healthy?.samples ?? [], kind)),
  );
  const p99Ratio = Math.max(...ratios);
  const back = windowsOf(samples, phases, wanted.shareMs).find(({ phase }) => phase === "recovered");
  const share = shareOf(back?.samples ?? []);
  const failed = samples.filter(({ ok }) => !ok);
  const { errorShareMax, p99RatioMax, fullShareMin } = wanted;
  return {
    requests: samples.length,
    failed: failed.length,
    p99Ratio,
    share,
    ok:
      samples.length > 0 &&
      failed.length <= samples.length * errorShareMax &&
      p99Ratio <= p99RatioMax &&
      share >= fullShareMin,
    details: [
      ...windowsOf(samples, phases, 0).map((whole, at) => phaseLine(whole, settled[at])),
      ...failed
        .slice(0, problemsMax)
        .map(({ sentMs, problem }) => `failed at ${Math.round(sentMs)} ms: ${problem ?? ""}`),
    ],
  };
}

const kinds = ["stream", "whole"] as const;

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
function p99(samples: readonly LoadSample[], kind: (typeof kinds)[number]): number {
  const times = samples
    .filter(({ stream }) => stream === (kind === "stream"))
    .map(({ contentMs }) => contentMs)
    .filter((ms) => ms !== undefined);
  return quantile(times, 0.99);
}

/** The part of an equal share that the deployment which browned out has. */
function shareOf(samples: readonly LoadSample[]): number {
  const answered = samples.filter(({ ok }) => ok);
  const its = answered.filter(({ deployment }) => deployment === deployments.at(-1)).length;
  return (its / answered.length) * deployments.length;
}

function phaseLine({ phase, samples }: Window, settled: Window | undefined): string {
  const failed = samples.filter(({ ok }) => !ok).length;
  const times = kinds.map((kind) => `${kind} ${p99(settled?.samples ?? [], kind).toFixed(0)} ms`).join(", ");
  return `${phase}: ${failed} of ${samples.length} failed, p99 once settled ${times}, share of an equal one ${shareOf(samples).toFixed(2)}`;
}
