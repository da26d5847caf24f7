import { median, quantile } from "../measure/quantile.ts";
import type { Round, Rounds } from "./rounds.ts";

/** One figure of a round. */
export type FigureOf = (round: Round) => number;

/** A quantile of a round's latencies, ms. */
export function latency(share: number): FigureOf {
  return ({ latenciesMs }) => quantile(latenciesMs, share);
}

/** Median time to a stream's first event, ms. */
export const firstFrame: FigureOf = ({ firstFrameMs }) => median(firstFrameMs);

/** 99th percentile of the time between two events of a stream, ms. */
export const gapP99: FigureOf = ({ gapsMs }) => quantile(gapsMs, 0.99);

/** Good answers a second. */
export const perSecond: FigureOf = ({ latenciesMs, elapsedMs }) => latenciesMs.length / (elapsedMs / 1_000);

/** CPU time of the main thread for one request, microseconds. */
export const mainUs: FigureOf = ({ cpu, latenciesMs }) => (cpu?.mainUs ?? Number.NaN) / latenciesMs.length;

/** CPU time of the whole process for one request, microseconds. */
export const processUs: FigureOf = ({ cpu, latenciesMs }) =>
  (cpu?.processUs ?? Number.NaN) / latenciesMs.length;

/** The median over a target's rounds. */
export function typical(rounds: Rounds, target: string, figure: FigureOf): number {
  return median(roundsOf(rounds, target).map(figure));
}

/** Errors in all rounds of a target. */
export function errors(rounds: Rounds, target: string): number {
  return roundsOf(rounds, target).reduce((sum, round) => sum + round.errors, 0);
}

/** The median, over the rounds, of a figure of one target divided by the same of the bare proxy in the same round. */
export function ratioToBare(rounds: Rounds, target: string, figure: FigureOf): number {
  return ratio(rounds, target, "bare", figure);
}

/** The median, over the rounds, of a figure of one target divided by the same of another in the same round. */
export function ratio(rounds: Rounds, target: string, yardstick: string, figure: FigureOf): number {
  return median(pairs(rounds, target, yardstick, figure).map(([own, other]) => own / other));
}

/**
 * The median, over the rounds, of what a target adds to the upstream's own time, divided by what the bare proxy adds in
 * the same round. Rounds in which noise makes the bare proxy add nothing say nothing and are left out.
 */
export function addedRatioToBare(rounds: Rounds, target: string, figure: FigureOf): number {
  const direct = roundsOf(rounds, "direct").map(figure);
  const ratios = pairs(rounds, target, "bare", figure).flatMap(([own, bare], round) => {
    const base = direct[round] ?? Number.NaN;
    return bare > base ? [(own - base) / (bare - base)] : [];
  });
  return median(ratios);
}

/** The median, over the rounds, of what a target adds to the upstream's own time. */
export function added(rounds: Rounds, target: string, figure: FigureOf): number {
  return median(pairs(rounds, target, "direct", figure).map(([own, direct]) => own - direct));
}

function pairs(
  rounds: Rounds,
  one: string,
  other: string,
  figure: FigureOf,
): readonly (readonly [number, number])[] {
  const others = roundsOf(rounds, other);
  return roundsOf(rounds, one).flatMap((round, at) => {
    const beside = others[at];
    return beside ? [[figure(round), figure(beside)] as const] : [];
  });
}

function roundsOf(rounds: Rounds, target: string): readonly Round[] {
  return rounds.get(target) ?? [];
}
