import { isList, type Json } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";

/** What a label may be written as: one value, or one of several. Numbers and truth values are as good as their texts. */
export type LabelValues = string | number | boolean | readonly (string | number | boolean)[];

/** How humans wrote which of two answers is the better one. */
export interface PairLabels {
  readonly first: LabelValues;
  readonly second: LabelValues;
  readonly tie: LabelValues;
}

/** How humans wrote whether an answer is good: in words, or in points of which `passAt` are enough. */
export type RatingLabels =
  | { readonly kind: "words"; readonly pass: LabelValues; readonly fail: LabelValues }
  | { readonly kind: "points"; readonly passAt: number };

/** What a human said of the first of two answers: 1 it is better, 1/2 a tie, 0 the other one is; or what is there instead. */
export function pairLabel(written: Json | undefined, labels: PairLabels): Result<number, string> {
  if (isOneOf(written, labels.first)) return ok(1);
  if (isOneOf(written, labels.second)) return ok(0);
  if (isOneOf(written, labels.tie)) return ok(0.5);
  return failed(shown(written));
}

/** Whether a human let an answer pass, or what is there instead. */
export function ratingLabel(written: Json | undefined, labels: RatingLabels): Result<boolean, string> {
  if (labels.kind === "points") {
    const points = typeof written === "string" && written.trim() !== "" ? Number(written) : written;
    return typeof points === "number" && Number.isFinite(points)
      ? ok(points >= labels.passAt)
      : failed(shown(written));
  }
  if (isOneOf(written, labels.pass)) return ok(true);
  if (isOneOf(written, labels.fail)) return ok(false);
  return failed(shown(written));
}

function isOneOf(written: Json | undefined, values: LabelValues): boolean {
  if (written === undefined || written === null || typeof written === "object") return false;
  const text = textOf(written);
  return typeof values === "object"
    ? values.some((value) => textOf(value) === text)
    : textOf(values) === text;
}

function textOf(value: string | number | boolean): string {
  return String(value).trim().toLowerCase();
}

function shown(written: Json | undefined): string {
  if (written === undefined || written === null || written === "") return "nothing";
  if (isList(written)) return "a list";
  return typeof written === "object" ? "an object" : JSON.stringify(written).slice(0, 100);
}
