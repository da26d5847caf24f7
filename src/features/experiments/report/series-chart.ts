import { signedText } from "#core/experiments/comparisons/change-text.ts";
import type { MetricSeries } from "#core/experiments/comparisons/series.ts";
import { htmlText } from "#core/reports/html-text.ts";

const width = 640;
const height = 220;
const left = 90;
const bottom = 24;
/** The share of points, the first ones, whose wide intervals do not set the scale. */
const earlyShare = 0.2;

/** One point as it is drawn. */
interface Drawn {
  readonly units: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A running difference within its confidence sequence, by units, as an SVG; "" where there are not two points to join. */
export function seriesChart({ metric, variant, unit, points }: MetricSeries): string {
  const drawn = points.flatMap(({ units, reading }): readonly Drawn[] => {
    if (!reading.ok || !reading.value.interval.every(Number.isFinite)) return [];
    const { value, interval } = reading.value;
    return [{ units, value, lower: interval[0], upper: interval[1] }];
  });
  const last = drawn.at(-1);
  if (drawn.length < 2 || !last) return "";
  const reach = drawn
    .slice(Math.floor(earlyShare * drawn.length))
    .reduce((most, { lower, upper }) => Math.max(most, Math.abs(lower), Math.abs(upper)), Number.MIN_VALUE);
  const x = (units: number): number => rounded(left + (units / last.units) * (width - left));
  const y = (value: number): number => {
    const share = Math.max(-1, Math.min(1, value / reach));
    return rounded(((1 - share) / 2) * (height - bottom));
  };
  const lineOf = (valueOf: (point: Drawn) => number): readonly string[] =>
    drawn.map((point) => `${x(point.units)},${y(valueOf(point))}`);
  const band = [...lineOf(({ upper }) => upper), ...lineOf(({ lower }) => lower).toReversed()];
  const label = `${metric.name}, ${variant}: the difference as units came, with its confidence sequence`;
  return [
    `<h3>${htmlText(label)}</h3>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(label)}">`,
    `<polygon class="band" points="${band.join(" ")}"/>`,
    `<line class="zero" x1="${left}" x2="${width}" y1="${y(0)}" y2="${y(0)}"/>`,
    `<polyline class="run" points="${lineOf(({ value }) => value).join(" ")}"/>`,
    ...[reach, 0, -reach].map(
      (value) => `<text x="0" y="${Math.max(12, y(value))}">${htmlText(signedText(value, unit))}</text>`,
    ),
    `<text x="${width}" y="${height - 6}" text-anchor="end">${last.units.toLocaleString("en-US")} units</text>`,
    "</svg>",
  ].join("");
}

function rounded(place: number): number {
  return Math.round(place * 10) / 10;
}
