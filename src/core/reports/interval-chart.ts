import type { Interval } from "#core/statistics/interval.ts";
import { htmlText } from "./html-text.ts";

const width = 640;
const labelWidth = 220;
const rowHeight = 24;

/** One line of the chart. */
export interface IntervalRow {
  readonly label: string;
  readonly value: number;
  /** Finite. */
  readonly interval: Interval;
  /** As a class of the page's style: better, worse, ... */
  readonly judgement: string;
}

/**
 * Changes with their intervals around 0 as an SVG; "" where there is none to draw.
 * @param chart.label what it shows, for who does not see it
 * @param chart.numberText an end of the axis, as a person reads it
 */
export function intervalChart(
  rows: readonly IntervalRow[],
  { label, numberText }: { readonly label: string; readonly numberText: (value: number) => string },
): string {
  if (rows.length === 0) return "";
  const reach = Math.max(
    Number.MIN_VALUE,
    ...rows.map(({ interval: [lower, upper] }) => Math.max(Math.abs(lower), Math.abs(upper))),
  );
  const x = (share: number): number => labelWidth + ((share / reach + 1) / 2) * (width - labelWidth);
  const height = rowHeight * (rows.length + 1);
  const lines = rows.map((row, index) => rowSvg(row, { x, y: rowHeight * (index + 0.5) }));
  const axis = `<line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${height - rowHeight}"/>`;
  const ends = [-reach, 0, reach]
    .map((share, index) => {
      const anchor = ["start", "middle", "end"][index] ?? "middle";
      return `<text x="${x(share)}" y="${height - 6}" text-anchor="${anchor}">${htmlText(numberText(share))}</text>`;
    })
    .join("");
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(label)}">${axis}${lines.join("")}${ends}</svg>`;
}

function rowSvg(
  { label, value, interval: [lower, upper], judgement }: IntervalRow,
  { x, y }: { readonly x: (share: number) => number; readonly y: number },
): string {
  return (
    `<g class="${judgement}"><text x="0" y="${y + 4}">${htmlText(label)}</text>` +
    `<line x1="${x(lower)}" x2="${x(upper)}" y1="${y}" y2="${y}"/>` +
    `<circle cx="${x(value)}" cy="${y}" r="4"/></g>`
  );
}
