import type { AnalysedMetric } from "#core/experiments/comparisons/analysed-metric.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { htmlText } from "./html-text.ts";

const width = 640;
const labelWidth = 220;
const rowHeight = 24;

/** One line of the chart. */
interface Row {
  readonly label: string;
  readonly value: number;
  readonly interval: Interval;
  readonly judgement: string;
}

/** The relative changes of all metrics with their intervals as an SVG; "" where there is none to draw. */
export function intervalChart(metrics: readonly AnalysedMetric[]): string {
  const rows = metrics.flatMap(rowsOf);
  if (rows.length === 0) return "";
  const reach = Math.max(
    ...rows.map(({ interval: [lower, upper] }) => Math.max(Math.abs(lower), Math.abs(upper))),
  );
  const x = (share: number): number => labelWidth + ((share / reach + 1) / 2) * (width - labelWidth);
  const height = rowHeight * (rows.length + 1);
  const lines = rows.map((row, index) => rowSvg(row, { x, y: rowHeight * (index + 0.5) }));
  const axis = `<line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height - rowHeight}"/>`;
  const ends = [-reach, 0, reach]
    .map((share, index) => {
      const anchor = ["start", "middle", "end"][index] ?? "middle";
      return `<text x="${x(share)}" y="${height - 6}" text-anchor="${anchor}">${percent(share)}</text>`;
    })
    .join("");
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Relative changes with their intervals">${axis}${lines.join("")}${ends}</svg>`;
}

function rowsOf({ plan, comparisons }: AnalysedMetric): readonly Row[] {
  return comparisons.flatMap(({ variant, deciding: { relative }, judgement }) => {
    if (!relative.ok || !relative.value.interval.every(Number.isFinite)) return [];
    const { value, interval } = relative.value;
    return [{ label: `${plan.name}, ${variant}`, value, interval, judgement }];
  });
}

function rowSvg(
  { label, value, interval: [lower, upper], judgement }: Row,
  { x, y }: { readonly x: (share: number) => number; readonly y: number },
): string {
  return (
    `<g class="${judgement}"><text x="0" y="${y + 4}">${htmlText(label)}</text>` +
    `<line x1="${x(lower)}" x2="${x(upper)}" y1="${y}" y2="${y}"/>` +
    `<circle cx="${x(value)}" cy="${y}" r="4"/></g>`
  );
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${Number((100 * share).toPrecision(2))} %`;
}
