import { usdText } from "#core/pricing/money.ts";
import type { DuelReading, Measured } from "#core/experiments/comparisons/duels.ts";
import type { Finding } from "./finding.ts";

/** Above this share of duels that the judge failed in, those that are left may differ for that reason. */
const failedShareMax = 0.05;
/** Below it a judge's liking for a place is no chance. */
const biasAlpha = 0.01;
/** A judge that prefers a place by so much says little of close answers: they come out as ties. */
const biasMin = 0.1;

/** What is to be said of duels beside who won them. */
export function duelFindings(readings: readonly DuelReading[]): readonly Finding[] {
  return readings.flatMap((reading) => [
    countFinding(reading),
    ...failureFindings(reading),
    ...biasFindings(reading),
    ...strengthFindings(reading),
  ]);
}

function countFinding({ duels, winRate }: DuelReading): Finding {
  const { variant, won, lost, tied, inconsistent, picoDollars } = duels;
  const judged = won + lost + tied + inconsistent;
  const order =
    inconsistent === 0
      ? ""
      : `, ${inconsistent} of the ties since the judge said otherwise in the other order`;
  const rate = winRate.ok
    ? `: ${percent(winRate.value.value)} with ties as half (${range(winRate.value, percent)} at one look)`
    : "";
  const text = `${variant} won ${won}, lost ${lost} and tied ${tied + inconsistent} of ${judged} duels${order}${rate}; the judge cost $${usdText(picoDollars)}`;
  return { code: "duels", severity: "note", about: variant, text };
}

function failureFindings({
  duels: { variant, won, lost, tied, inconsistent, judgeFailed, unanswered },
}: DuelReading): readonly Finding[] {
  const findings: Finding[] = [];
  const asked = won + lost + tied + inconsistent + judgeFailed;
  if (judgeFailed > 0) {
    const share = judgeFailed / asked;
    const severity = share > failedShareMax ? "warning" : "note";
    const text = `The judge failed in ${judgeFailed} of ${asked} duels of ${variant} (${percent(share)}): they are left out of the win rate`;
    findings.push({ code: "judge-failures", severity, about: variant, text });
  }
  if (unanswered > 0) {
    const text = `${unanswered} requests of ${variant} had no duel, since one of both had no answer: they count in error_rate alone`;
    findings.push({ code: "unanswered-duels", severity: "note", about: variant, text });
  }
  return findings;
}

function biasFindings({ duels: { variant }, positionBias }: DuelReading): readonly Finding[] {
  if (!positionBias.ok || positionBias.value.pValue >= biasAlpha) return [];
  const { value, pValue } = positionBias.value;
  const severity = Math.abs(value) >= biasMin ? "warning" : "note";
  const place = value > 0 ? "first" : "second";
  const text = `The judge prefers what stands ${place} by ${(100 * Math.abs(value)).toFixed(1)} points in duels of ${variant} (p = ${pValue.toPrecision(2)}): both orders are judged, so that nobody gains, but close answers come out as ties`;
  return [{ code: "position-bias", severity, about: variant, text }];
}

function strengthFindings({ duels: { variant }, elo }: DuelReading): readonly Finding[] {
  if (!elo?.ok) return [];
  const text = `${variant} is ${points(elo.value.value)} Elo from the control (${range(elo.value, points)}; Bradley-Terry)`;
  return [{ code: "strengths", severity: "note", about: variant, text }];
}

function range(
  { interval: [lower, upper] }: Pick<Measured, "interval">,
  text: (value: number) => string,
): string {
  return `${text(lower)} to ${text(upper)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function points(elo: number): string {
  return `${elo < 0 ? "" : "+"}${elo.toFixed(0)}`;
}
