import { describe, expect, test } from "vitest";
import { duelFindings } from "#core/experiments/findings/duel-findings.ts";
import { duelReadings, type JudgedUnit, type TreatmentDuels } from "./duels.ts";
import { must, refusalOf } from "../../../../test/support/must.ts";

/** Units with one judged duel each: so many wins, losses and ties. */
function units(won: number, lost: number, tied = 0): readonly JudgedUnit[] {
  const scores = [
    ...Array(won).fill(1),
    ...Array(lost).fill(0),
    ...Array(tied).fill(0.5),
  ] as readonly number[];
  return scores.map((score, at) => ({
    unit: `u${at}`,
    judged: 1,
    score,
    scoreFirst: score,
    scoreSecond: score,
  }));
}

function duels(of: readonly JudgedUnit[], changes: Partial<TreatmentDuels> = {}): TreatmentDuels {
  return {
    variant: "argon",
    won: of.filter(({ score }) => score === 1).length,
    lost: of.filter(({ score }) => score === 0).length,
    tied: of.filter(({ score }) => score === 0.5).length,
    inconsistent: 0,
    judgeFailed: 0,
    unanswered: 0,
    picoDollars: 120_000_000_000,
    units: of,
    ...changes,
  };
}

describe("duels", () => {
  test("of one treatment have a win rate, ties as half, with Student's interval", () => {
    const [reading] = duelReadings("flash", [duels(units(57, 38, 5))], 0.05);
    const { value, interval, pValue } = must(reading?.winRate ?? expect.unreachable());
    expect(value).toBeCloseTo(0.595, 12);
    // Sum of squared deviations: 57 + 5/4 - 100 * 0.595^2; t(0.975, 99) = 1.98421695.
    const error = Math.sqrt((58.25 - 100 * 0.595 ** 2) / 99 / 100);
    expect(interval[0]).toBeCloseTo(0.595 - 1.98421695 * error, 6);
    expect(interval[1]).toBeCloseTo(0.595 + 1.98421695 * error, 6);
    expect(pValue).toBeGreaterThan(0.05);
    expect(reading).not.toHaveProperty("elo");
  });

  test("of one unit are alike: twice the duels of each unit say no more", () => {
    const once = units(57, 38, 5);
    const twice = once.map((unit) => ({
      ...unit,
      judged: 2,
      score: 2 * unit.score,
      scoreFirst: 2 * unit.scoreFirst,
      scoreSecond: 2 * unit.scoreSecond,
    }));
    const rate = (of: readonly JudgedUnit[]) =>
      must(duelReadings("flash", [duels(of)], 0.05)[0]?.winRate ?? expect.unreachable());
    expect(rate(twice).interval[0]).toBeCloseTo(rate(once).interval[0], 12);
    expect(rate(twice).value).toBeCloseTo(rate(once).value, 12);
  });

  test("of several treatments have strengths: the log-odds of their win rates, on Elo's scale", () => {
    const readings = duelReadings(
      "flash",
      [duels(units(60, 40)), duels(units(30, 70), { variant: "lite" })],
      0.05,
    );
    const lead = (at: number) => must(readings[at]?.elo ?? expect.unreachable());
    expect(lead(0).value).toBeCloseTo((400 / Math.LN10) * Math.log(0.6 / 0.4), 6);
    expect(lead(1).value).toBeCloseTo((400 / Math.LN10) * Math.log(0.3 / 0.7), 6);
    expect(lead(0).interval[0]).toBeLessThan(lead(0).value);
    expect(lead(0).interval[0]).toBeGreaterThan(-20);
  });

  test("that were never lost have no strength, and those that nobody judged nothing at all", () => {
    const readings = duelReadings("flash", [duels(units(10, 0)), duels([], { variant: "lite" })], 0.05);
    expect(refusalOf(readings[0]?.elo ?? expect.unreachable())).toBe("too-few");
    expect(refusalOf(readings[1]?.winRate ?? expect.unreachable())).toBe("too-few");
    expect(refusalOf(readings[1]?.positionBias ?? expect.unreachable())).toBe("too-few");
  });
});

describe("what is said of duels", () => {
  const judgedFirst = Array.from({ length: 40 }, (_, at): JudgedUnit => {
    const isPlain = at % 2 === 0;
    return {
      unit: `u${at}`,
      judged: 1,
      score: isPlain ? 1 : 0.5,
      scoreFirst: 1,
      scoreSecond: isPlain ? 1 : 0,
    };
  });

  test("tells how they ended and what they cost", () => {
    const [finding] = duelFindings(duelReadings("flash", [duels(units(57, 38, 5))], 0.05));
    expect(finding).toEqual({
      code: "duels",
      severity: "note",
      about: "argon",
      text: "argon won 57, lost 38 and tied 5 of 100 duels: 59.5 % with ties as half (50.0 % to 69.0 % at one look); the judge cost $0.12",
    });
  });

  test("warns of a judge that prefers a place, and of one that fails often", () => {
    const made = duels(judgedFirst, { tied: 0, inconsistent: 20, judgeFailed: 4, unanswered: 2 });
    const findings = duelFindings(duelReadings("flash", [made], 0.05));
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "duels note",
      "judge-failures warning",
      "unanswered-duels note",
      "position-bias warning",
    ]);
    expect(findings[1]?.text).toContain("failed in 4 of 44 duels of argon (9.1 %)");
    expect(findings[3]?.text).toContain("prefers what stands first by 25.0 points");
  });

  test("says nothing of places where the judge is even-handed", () => {
    const findings = duelFindings(duelReadings("flash", [duels(units(30, 30), { judgeFailed: 1 })], 0.05));
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "duels note",
      "judge-failures note",
    ]);
  });
});
