import type { MeasuredFigures } from "./measure.ts";

/** How far apart two tools may be, as a share. */
export const agreementMax = 0.05;

/** A figure by both tools. */
export interface ComparedFigure {
  readonly name: string;
  readonly guidellm: number;
  readonly signalbox: number;
  /** (ours - theirs) / theirs. */
  readonly difference: number;
}

const names: readonly (readonly [keyof MeasuredFigures, string])[] = [
  ["answered", "answered requests"],
  ["ttftMs", "time to first token, mean ms"],
  ["itlMs", "inter-token latency, mean ms"],
  ["tpotMs", "time per output token (GuideLLM's), mean ms"],
  ["latencyMs", "request latency, mean ms"],
  ["outputTokensPerS", "output tokens per second"],
];

/** The figures of both, side by side. */
export function comparedFigures(theirs: MeasuredFigures, ours: MeasuredFigures): readonly ComparedFigure[] {
  return names.map(([key, name]) => {
    const [guidellm, signalbox] = [theirs[key], ours[key]];
    return { name, guidellm, signalbox, difference: (signalbox - guidellm) / guidellm };
  });
}
