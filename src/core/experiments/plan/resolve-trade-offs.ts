import type { MetricPlan, UtilityPlan } from "./analysis-plan.ts";
import type { WrittenPlan } from "./plan-schema.ts";

/** A metric that a trade-off names, and where. */
interface TradedMetric {
  readonly name: string;
  readonly path: readonly string[];
  /** Which way is better, by what it is worth. */
  readonly better?: MetricPlan["better"];
}

/** The metrics that utility and the comparison of all at once name, each as often as it is named. */
export function tradedMetrics({ utility, pareto = [] }: WrittenPlan): readonly TradedMetric[] {
  return [
    ...(utility ? [{ name: utility.in, path: ["utility", "in"] }] : []),
    ...Object.entries(utility?.worth ?? {}).map(([name, { change }]): TradedMetric => ({
      name,
      path: ["utility", "worth", name],
      better: change.value > 0 ? "higher" : "lower",
    })),
    ...pareto.map((name, index) => ({ name, path: ["pareto", String(index)] })),
  ];
}

/** What is wrong with trade-offs of metrics that there are. */
export function tradeOffComplaints(written: WrittenPlan, metrics: readonly MetricPlan[]) {
  const { utility, pareto = [] } = written;
  const known = new Map(metrics.map((metric) => [metric.name, metric.better]));
  const complaints = tradedMetrics(written).flatMap(({ name, path, better }) => {
    const way = known.get(name);
    if (better === undefined || way === undefined || better === way) return [];
    const sign = way === "higher" ? "+" : "-";
    const wanted = `a change for the better, that begins with "${sign}", since ${way} is better`;
    return [{ path, wanted, actual: "the other sign" }];
  });
  if (utility && utility.in in utility.worth) {
    const path = ["utility", "worth", utility.in];
    complaints.push({
      path,
      wanted: "metrics beside the one that all is told in",
      actual: `"${utility.in}"`,
    });
  }
  if (new Set(pareto).size < pareto.length)
    complaints.push({ path: ["pareto"], wanted: "each metric once", actual: "one twice" });
  return complaints;
}

/** The utility and the metrics that are compared all at once, as an analysis takes them. */
export function resolvedTradeOffs({ utility, pareto }: WrittenPlan, metrics: readonly MetricPlan[]) {
  const compared = pareto ?? (utility && [...Object.keys(utility.worth), utility.in]);
  return {
    ...(utility && { utility: utilityOf(utility, metrics) }),
    ...(compared && { pareto: compared }),
  };
}

function utilityOf(
  { in: unit, worth }: NonNullable<WrittenPlan["utility"]>,
  metrics: readonly MetricPlan[],
): UtilityPlan {
  const paid = metrics.find(({ name }) => name === unit);
  const weights = Object.entries(worth).map(([name, { amount, change }]): [string, number] => [
    name,
    amount / change.value,
  ]);
  return { unit, weights: new Map([...weights, [unit, paid?.better === "lower" ? -1 : 1]]) };
}
