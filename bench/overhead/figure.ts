/** Units of figures; `x` is a ratio in the same run: to the bare proxy, where the name says no other. */
export type Unit = "x" | "us" | "ms" | "MiB" | "%" | "requests/s" | "errors";

/** One thing that was measured. */
export interface Figure {
  /** The part of the run that it comes from. */
  readonly part: string;
  /** What it is: `pass-openai 2KB, 16 at once: CPU of the main thread a request`. */
  readonly name: string;
  /** Of whom: `bare`, or Signalbox by its log store. */
  readonly target: string;
  /** NaN where nothing could be measured. */
  readonly value: number;
  readonly unit: Unit;
  /** The most that is wanted; absent where a figure is told only. */
  readonly wantedMax?: number;
}

/** A figure with its verdict. */
export interface JudgedFigure extends Figure {
  /** `told` where nothing is wanted. What could not be measured holds nothing. */
  readonly verdict: "holds" | "fails" | "told";
}

/** Judges a figure by what is wanted of it. A drift (%) may go either way. */
export function judged(figure: Figure): JudgedFigure {
  const { value, unit, wantedMax } = figure;
  if (wantedMax === undefined) return { ...figure, verdict: "told" };
  const size = unit === "%" ? Math.abs(value) : value;
  return { ...figure, verdict: size <= wantedMax ? "holds" : "fails" };
}
