import type { AnalysisPlan, Design, Horizon } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "./finding.ts";
import { ratioFindings } from "./ratio-findings.ts";
import { progressOf, type UnitCounts } from "#core/experiments/units/unit-counts.ts";

type SizePlan = Pick<AnalysisPlan, "shares" | "minimum" | "design">;

/** What is to be said of the number of units: too few, not in their shares, looked at too early. */
export function sampleFindings(
  plan: SizePlan,
  {
    counts,
    isAdaptive,
    isOver,
    arrived,
  }: {
    readonly counts: UnitCounts;
    readonly isAdaptive: boolean;
    readonly isOver: boolean;
    readonly arrived?: UnitCounts["all"];
  },
): readonly Finding[] {
  const ratios = isAdaptive ? [] : ratioFindings(plan.shares, { counts, ...(arrived && { arrived }) });
  // What is too little now is too little for ever only where no more comes.
  const severity = isOver ? "invalid" : "wait";
  return [...sizeFindings(plan, counts, severity), ...horizonFindings(plan, counts, severity), ...ratios];
}

type Severity = Finding["severity"];

function sizeFindings(
  { shares, minimum }: SizePlan,
  { all, days, independent }: UnitCounts,
  severity: Severity,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const variant of shares.keys()) {
    const units = all.get(variant) ?? 0;
    const least = independent?.get(variant) ?? units;
    if (Math.min(units, least) >= minimum.units) continue;
    const worth =
      units < minimum.units ? "" : ` that are worth ${Number(least.toPrecision(3))} independent ones`;
    const text = `${variant} has ${units} units${worth}, a verdict needs ${minimum.units} of each variant`;
    findings.push({ code: "too-few-units", severity, about: variant, text });
  }
  if (days !== undefined && days < minimum.days) {
    const text = `The units come from ${rounded(days)} days, a verdict needs ${minimum.days}`;
    findings.push({ code: "too-short", severity, text });
  }
  return findings;
}

/** A look so near to a planned one, as a share of the plan, is that one. */
const plannedLookWidth = 0.02;

function horizonFindings({ design }: SizePlan, counts: UnitCounts, severity: Severity): readonly Finding[] {
  if (design.kind === "always-valid") return [];
  const progress = progressOf(design, counts);
  if (progress === undefined) return unknownHorizon(design);
  if (design.kind === "group-sequential") return lookFindings(design.looks, progress);
  if (progress >= 1) return [];
  const text =
    `The design is one look after ${endsOf(design)}, which are not reached: ` +
    "to decide now is peeking, which finds differences that are not there";
  return [{ code: "before-horizon", severity, text }];
}

function endsOf({ units, days }: Horizon): string {
  return [
    ...(units === undefined ? [] : [`${units} units`]),
    ...(days === undefined ? [] : [`${days} days`]),
  ].join(" or ");
}

/** A plan that ends after days, and data without times: a plan of looks then has no bounds, and one look may be too early. */
function unknownHorizon(design: Exclude<Design, { kind: "always-valid" }>): readonly Finding[] {
  const ends = endsOf(design);
  if (ends === "") return [];
  const text = `The design ends after ${ends}, and no unit has a time: how far it has come is not known`;
  if (design.kind === "group-sequential") return [{ code: "unknown-horizon", severity: "invalid", text }];
  const meaning = "if it is not over, to decide now is peeking, which finds differences that are not there";
  return [{ code: "unknown-horizon", severity: "warning", text: `${text}; ${meaning}` }];
}

/** Bounds hold at any times of looking that results did not choose. */
function lookFindings(looks: number, progress: number): readonly Finding[] {
  const nearest = Math.max(1, Math.round(progress * looks)) / looks;
  if (progress >= 1 || Math.abs(progress - nearest) <= plannedLookWidth) return [];
  const planned = Array.from({ length: looks }, (_, look) => percent((look + 1) / looks)).slice(0, 10);
  const text =
    `This look, at ${percent(progress)} of the plan, is none of the planned ones ` +
    `(${planned.join(", ")}${looks > planned.length ? ", ..." : ""}): its bound holds unless results made somebody look`;
  return [{ code: "unplanned-look", severity: "note", text }];
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

function rounded(value: number): string {
  return value.toFixed(1);
}
