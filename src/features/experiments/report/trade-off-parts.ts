import type { Analysis } from "#core/experiments/analyse.ts";
import { changeText, changeUnit, numberText, signedText } from "#core/experiments/comparisons/change-text.ts";
import type { ParetoAnalysis, ParetoPoint, ParetoValue } from "#core/experiments/trade-offs/pareto.ts";
import type { UtilityAnalysis } from "#core/experiments/trade-offs/utility.ts";
import { pValueText } from "#core/reports/p-value-text.ts";
import type { ReportPart, Table } from "#core/reports/report-part.ts";

/** Written as a share of 100, or as it is. */
type Unit = "" | "pp";

/** What is weighed against what, in parts of a report; none where the plan weighs nothing. */
export function tradeOffParts({ metrics, utility, pareto }: Analysis): readonly ReportPart[] {
  const units = new Map(metrics.map((metric) => [metric.plan.name, changeUnit(metric)]));
  return [
    ...(utility ? utilityParts(utility, units.get(utility.plan.unit) ?? "") : []),
    ...(pareto ? paretoParts(pareto, units) : []),
  ];
}

function utilityParts({ plan, isJoint, comparisons }: UtilityAnalysis, unit: Unit): readonly ReportPart[] {
  const names = [...plan.weights.keys()];
  const header = ["variant", "worth (interval)", "p", "judged", ...names.map((name) => `of ${name}`)];
  const rows = comparisons.map(({ variant, deciding, judgement, parts }) => [
    variant,
    deciding.ok ? changeText(deciding.value, unit) : deciding.error.reason,
    deciding.ok ? pValueText(deciding.value.pValue) : "",
    judgement,
    ...names.map((name) => {
      const part = parts.find(({ metric }) => metric === name);
      return part ? signedText(part.worth, unit) : "";
    }),
  ]);
  const heading = `What it is worth, in ${plan.unit}`;
  const bounded =
    "How these metrics go together is not known of all: their errors are added up, which makes the intervals too wide rather than too narrow";
  return [
    { kind: "table", heading, table: [header, ...rows] },
    ...(isJoint ? [] : [{ kind: "list", heading: "Of what it is worth", items: [bounded] } as const]),
  ];
}

const standings: Readonly<Record<ParetoPoint["standing"], string>> = {
  front: "as good as any",
  "perhaps-dominated": "perhaps behind",
  dominated: "behind",
  unknown: "not known",
};

function paretoParts(
  { metrics, points, dominances }: ParetoAnalysis,
  units: ReadonlyMap<string, Unit>,
): readonly ReportPart[] {
  const header = ["variant", ...metrics.map(({ name, better }) => `${name} (${better} is better)`), "stands"];
  const rows: Table = points.map(({ variant, values, standing }) => [
    variant,
    ...metrics.map(({ name }, place) => pointText(values[place] ?? {}, units.get(name) ?? "")),
    standings[standing],
  ]);
  const all = metrics.length === 2 ? "both" : `all ${metrics.length}`;
  const items = dominances.map(({ better, worse, isSure }) =>
    isSure
      ? `${better} is better than ${worse} in ${all}, which is no chance`
      : `${better} has no worse value than ${worse} in any, which may be chance`,
  );
  return [
    { kind: "table", heading: "All at once", table: [header, ...rows] },
    { kind: "list", heading: "Which is behind which", items },
  ];
}

function pointText({ value, interval }: ParetoValue, unit: Unit): string {
  if (value === undefined) return "none";
  const text = (one: number): string => (unit === "pp" ? `${numberText(one * 100)} %` : numberText(one));
  return interval ? `${text(value)} (${text(interval[0])} to ${text(interval[1])})` : text(value);
}
