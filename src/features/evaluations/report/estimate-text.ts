import { numberText, signedText } from "#core/experiments/comparisons/change-text.ts";
import type { Interval } from "#core/statistics/interval.ts";

/** How a number is written: shares in percent, differences of them in points. */
export type NumberKind = "share" | "number";

/** `85.7 % (83.7 % to 87.5 %)`; "" where there is none. */
export function estimateText(
  estimate: { readonly value?: number | undefined; readonly interval?: Interval | undefined } | undefined,
  kind: NumberKind,
): string {
  if (estimate?.value === undefined) return "";
  const { value, interval } = estimate;
  const within = interval ? ` (${plain(interval[0], kind)} to ${plain(interval[1], kind)})` : "";
  return `${plain(value, kind)}${within}`;
}

/** `+3.1 pp (+1.2 pp to +5 pp)`. */
export function differenceText(
  { difference, interval }: { readonly difference: number; readonly interval: Interval | undefined },
  kind: NumberKind,
): string {
  const unit = kind === "share" ? "pp" : "";
  const within = interval ? ` (${signedText(interval[0], unit)} to ${signedText(interval[1], unit)})` : "";
  return `${signedText(difference, unit)}${within}`;
}

/** The size of a difference, whichever way: `3.1 pp`. */
export function sizeText(size: number, kind: NumberKind): string {
  return kind === "share" ? `${numberText(100 * size)} pp` : numberText(size);
}

function plain(value: number, kind: NumberKind): string {
  return kind === "share" ? `${numberText(100 * value)} %` : numberText(value);
}
