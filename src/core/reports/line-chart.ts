import { htmlText } from "./html-text.ts";

const width = 640;
const height = 240;
const left = 70;
const bottom = 36;

/** A series of a chart. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a chart shows, and of what. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly ChartSeries[];
}

/** Lines as an SVG, both axes from 0; "" where no series has two points. */
export function lineChart({ title, xLabel, yLabel, series }: Chart): string {
  const drawn = series.filter(({ points }) => points.length > 1);
  const all = drawn.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const xMax = all.reduce((most, [x]) => Math.max(most, x), 0) || 1;
  const yMax = all.reduce((most, [, y]) => Math.max(most, y), 0) || 1;
  const x = (value: number): number => place(left + (value / xMax) * (width - left - 10));
  const y = (value: number): number => place((1 - value / yMax) * (height - bottom - 10) + 10);
  return [
    `<h3>${htmlText(title)}</h3>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(title)}">`,
    `<line class="zero" x1="${left}" x2="${width - 10}" y1="${y(0)}" y2="${y(0)}"/>`,
    `<line class="zero" x1="${left}" x2="${left}" y1="${y(0)}" y2="10"/>`,
    ...[yMax, yMax / 2, 0].map(
      (value) => `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${scaleText(value)}</text>`,
    ),
    ...[0, xMax / 2, xMax].map(
      (value) => `<text x="${x(value)}" y="${height - 18}" text-anchor="middle">${scaleText(value)}</text>`,
    ),
    `<text x="${width - 10}" y="${height - 2}" text-anchor="end">${htmlText(xLabel)}</text>`,
    `<text x="${left + 6}" y="16">${htmlText(yLabel)}</text>`,
    ...drawn.map(
      ({ points }, at) =>
        `<polyline class="series${at % 4}" points="${points.map(([px, py]) => `${x(px)},${y(py)}`).join(" ")}"/>`,
    ),
    ...drawn.map(
      ({ name }, at) =>
        `<text class="name${at % 4}" x="${width - 14}" y="${24 + 16 * at}" text-anchor="end">${htmlText(name)}</text>`,
    ),
    "</svg>",
  ].join("");
}

function place(value: number): number {
  return Math.round(value * 10) / 10;
}

function scaleText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
