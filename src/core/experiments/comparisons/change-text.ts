import type { AnalysedMetric } from "./analysed-metric.ts";
import type { Reading } from "./comparison.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";
import type { MetricArm } from "./metric-arm.ts";

/** A number as a person reads it: three digits that count, no more than its size needs. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toPrecision(3);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

/** A change with its sign. */
export function signedText(value: number, unit: "" | "%" | "pp"): string {
  const shown = numberText(unit === "" ? value : value * 100);
  const sign = value > 0 ? "+" : "";
  return unit === "" ? `${sign}${shown}` : `${sign}${shown} ${unit}`;
}

/** How a change of a metric is written: rates in percentage points, others in the metric's own unit. */
export function changeUnit({ arms }: Pick<AnalysedMetric, "arms">): "" | "pp" {
  return [...arms.arms.values()].every(isOfShare) ? "pp" : "";
}

function isOfShare({ successes, events, isShare }: MetricArm): boolean {
  return isShare ?? (successes ?? events) !== undefined;
}

/** A change with its interval: `+3.1 pp (+1.2 pp to +5 pp)`. */
export function changeText(
  { value, interval: [lower, upper] }: Pick<Reading, "value" | "interval">,
  unit: "" | "%" | "pp",
): string {
  return `${signedText(value, unit)} (${signedText(lower, unit)} to ${signedText(upper, unit)})`;
}

/** A margin as it may be written; rates in percentage points. */
export function marginText({ scale, value }: Margin, unit: "" | "pp"): string {
  return signedText(value, scale === "relative" ? "%" : unit);
}
