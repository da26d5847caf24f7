import { numberText } from "#core/experiments/comparisons/change-text.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { htmlText } from "./html-text.ts";

const width = 640;
const height = 320;
const margins = { left: 90, right: 120, top: 12, bottom: 40 } as const;
/** How much wider than its values an axis is, on either side. */
const padding = 0.08;

/** Variants by several metrics at once, as they are drawn. */
export interface TradeOffs {
  readonly metrics: readonly TradeOffMetric[];
  readonly points: readonly TradeOffPoint[];
}

/** A metric, and which way is the better one. */
export interface TradeOffMetric {
  readonly name: string;
  readonly better: "higher" | "lower";
}

/** Where one variant is. */
export interface TradeOffPoint {
  readonly variant: string;
  /** As a class of the page's style: front, dominated, ... */
  readonly standing: string;
  /** Of each metric, in their order. */
  readonly values: readonly TradeOffValue[];
}

/** A value with its interval, as far as there are any. */
export interface TradeOffValue {
  readonly value?: number;
  readonly interval?: Interval;
}

/** Where a value is on an axis, and which values are at its ends. */
interface Axis {
  readonly at: (value: number) => number;
  readonly ends: readonly [number, number];
}

/** Variants by the first of the metrics and each other one, with their intervals, as SVGs; "" where there is nothing to draw. */
export function tradeOffCharts({ metrics, points }: TradeOffs): string {
  const [first, ...others] = metrics;
  if (!first) return "";
  return others.map((other, place) => scatter([first, other], points, place + 1)).join("");
}

function scatter(
  [across, up]: readonly [TradeOffMetric, TradeOffMetric],
  points: readonly TradeOffPoint[],
  place: number,
): string {
  const known = points.flatMap(({ variant, standing, values }) => {
    const [x = {}, y = {}] = [values[0], values[place]];
    return x.value === undefined || y.value === undefined ? [] : [{ variant, standing, x, y }];
  });
  if (known.length < 2) return "";
  const xAxis = axisOf(
    known.map(({ x }) => x),
    [margins.left, width - margins.right],
  );
  const yAxis = axisOf(
    known.map(({ y }) => y),
    [height - margins.bottom, margins.top],
  );
  const label = `${up.name} (${up.better} is better) by ${across.name} (${across.better} is better)`;
  const bottom = height - margins.bottom;
  return [
    `<h3>${htmlText(label)}</h3>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(label)}">`,
    `<line class="zero" x1="${margins.left}" x2="${width - margins.right}" y1="${bottom}" y2="${bottom}"/>`,
    `<line class="zero" x1="${margins.left}" x2="${margins.left}" y1="${margins.top}" y2="${bottom}"/>`,
    ...xAxis.ends.map(
      (end) =>
        `<text x="${xAxis.at(end)}" y="${bottom + 18}" text-anchor="middle">${htmlText(numberText(end))}</text>`,
    ),
    ...yAxis.ends.map((end) => `<text x="0" y="${yAxis.at(end) + 4}">${htmlText(numberText(end))}</text>`),
    ...known.map((point) => pointSvg(point, xAxis, yAxis)),
    "</svg>",
  ].join("");
}

/** From the least to the largest of all bounds, with some room. */
function axisOf(values: readonly TradeOffValue[], [from, to]: readonly [number, number]): Axis {
  const all = values.flatMap(({ value, interval = [] }) => [
    ...(value === undefined ? [] : [value]),
    ...interval,
  ]);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = padding * (most - least || Math.abs(most) || 1);
  const [low, high] = [least - room, most + room];
  const at = (value: number): number => rounded(from + ((value - low) / (high - low)) * (to - from));
  return { at, ends: [least, most] };
}

function pointSvg(
  {
    variant,
    standing,
    x,
    y,
  }: Pick<TradeOffPoint, "variant" | "standing"> & { readonly x: TradeOffValue; readonly y: TradeOffValue },
  xAxis: Axis,
  yAxis: Axis,
): string {
  const [centreX, centreY] = [xAxis.at(x.value ?? 0), yAxis.at(y.value ?? 0)];
  const [left, right] = (x.interval ?? [x.value ?? 0, x.value ?? 0]).map(xAxis.at);
  const [low, high] = (y.interval ?? [y.value ?? 0, y.value ?? 0]).map(yAxis.at);
  return (
    `<g class="${standing}"><line x1="${left}" x2="${right}" y1="${centreY}" y2="${centreY}"/>` +
    `<line x1="${centreX}" x2="${centreX}" y1="${low}" y2="${high}"/>` +
    `<circle cx="${centreX}" cy="${centreY}" r="4"/>` +
    `<text x="${centreX + 8}" y="${centreY - 6}">${htmlText(variant)}</text></g>`
  );
}

function rounded(place: number): number {
  return Math.round(place * 10) / 10;
}
