import type { Design } from "#core/experiments/plan/analysis-plan.ts";
import type { Claim } from "../claim.ts";
import { lookedAt } from "../experiments/looked-at.ts";

const alpha = 0.05;
/** Units of each variant with which one look finds the effect in 80 of 100 experiments. */
const units = 5_000;
const share = 0.5;
const effect = 0.028;

/** What is looked at how often, and what it promises: an error rate, and a power with these units. */
interface Rule {
  readonly name: string;
  readonly design: Design;
  readonly looks: number;
  /** A planned design finds at least this share; a rule for any time promises no power at a moment. */
  readonly powerMin: number;
}

const planned = { kind: "group-sequential", units: 2 * units, looks: 5 } as const;
const rules: readonly Rule[] = [
  { name: "one look at the end", design: { kind: "fixed", units: 2 * units }, looks: 1, powerMin: 0.78 },
  {
    name: "5 looks, O'Brien-Fleming",
    design: { ...planned, spending: "obrien-fleming" },
    looks: 5,
    powerMin: 0.75,
  },
  { name: "5 looks, power 2", design: { ...planned, spending: "power-2" }, looks: 5, powerMin: 0.73 },
  { name: "5 looks, Pocock", design: { ...planned, spending: "pocock" }, looks: 5, powerMin: 0.66 },
  {
    name: "50 looks, at any time",
    design: { kind: "always-valid", units: 2 * units },
    looks: 50,
    powerMin: 0.4,
  },
];

/** Not promised, but shown beside: what a plain test would do if it were looked at as often. */
const naive: Rule = {
  name: "50 looks with a plain test (not offered)",
  design: { kind: "fixed" },
  looks: 50,
  powerMin: 0,
};

/** The verdicts of experiments without an effect, and with one, when people look often and stop at the first verdict. */
export const claim: Claim = {
  id: "peeking",
  title:
    "Who looks at an experiment again and again, and stops at the first verdict, is wrong no more often than was said",
  wanted: `a difference told in at most ${100 * alpha} % of experiments without one (and Monte-Carlo error), intervals that hold the truth at all looks together, power as planned`,
  run({ short }) {
    const runs = short ? 500 : 10_000;
    const error = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
    const powerError = 3 * Math.sqrt(0.25 / runs);
    const lines: string[] = [];
    let ok = true;
    for (const rule of [...rules, naive]) {
      const { nothing, something } = outcomesOf(rule, runs);
      const falsely = nothing.better + nothing.worse;
      const isFine =
        falsely <= alpha + error &&
        nothing.missed <= alpha + error &&
        something.better >= rule.powerMin - powerError;
      if (rule !== naive) ok &&= isFine;
      lines.push(
        `${rule.name}: ${percent(falsely)} false, ${percent(nothing.missed)} of intervals miss, ${percent(something.better)} found, ${Math.round(something.unitsMean)} units on average${isFine || rule === naive ? "" : " (not as promised)"}`,
      );
    }
    const details = [
      `${runs} experiments a rule, ${units} units of each variant, shares ${share} and ${share + effect}`,
      ...lines,
    ];
    const figure = rules
      .map((rule, index) => lines[index]?.replace(`${rule.name}: `, "").split(" false")[0] ?? "")
      .join(", ");
    return Promise.resolve({ ok, figure: `${figure} false verdicts by ${rules.length} rules`, details });
  },
};

function outcomesOf({ design, looks }: Rule, runs: number) {
  const known = { design, looks, runs, units, seed: 20_261_127 };
  return {
    nothing: lookedAt({ ...known, shares: { control: share, treatment: share } }),
    something: lookedAt({ ...known, shares: { control: share, treatment: share + effect } }),
  };
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
