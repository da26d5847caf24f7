import { z } from "zod";

/** How far a metric may move, or has to: its size, and which way. */
export interface Margin {
  /** Of the metric itself, or as a share of the control's value. */
  readonly scale: "absolute" | "relative";
  /** The signed distance, never 0: 0.02 for `+2pp`, -0.1 for `-10%`, 200 for `+200ms`. */
  readonly value: number;
}

const pattern = /^([+-])(\$?)(\d+(?:\.\d+)?(?:e-?\d+)?)(pp|%|ms|s)?$/;

const factorOf: ReadonlyMap<string, number> = new Map([
  ["pp", 0.01],
  ["%", 0.01],
  ["ms", 1],
  ["s", 1000],
]);

/**
 * The margin of a text: `+2pp` is two hundredths, `-10%` a tenth of the control's value, `+200ms`, `+1.5s` (in milliseconds),
 * `+$0.002` (in dollars), `-0.3` (in the metric's own unit). The sign says which way. Undefined for anything else, and for 0.
 */
export function marginOf(text: string): Margin | undefined {
  const [, sign, dollar = "", digits = "", unit = ""] = pattern.exec(text) ?? [];
  const size = Number(digits) * (factorOf.get(unit) ?? 1);
  if (sign === undefined || !(size > 0) || !Number.isFinite(size)) return undefined;
  if (dollar !== "" && unit !== "") return undefined;
  return { scale: unit === "%" ? "relative" : "absolute", value: sign === "-" ? -size : size };
}

/** What a margin is, as errors say it. */
export const marginWanted = "a change with its sign, such as +2pp, -10%, +200ms, +$0.002 or -0.3";

/** A margin as a person writes it. */
export function margin(about: { readonly description: string; readonly examples: string[] }) {
  return z
    .string({ error: marginWanted })
    .meta(about)
    .transform((text, context) => {
      const read = marginOf(text);
      if (read) return read;
      context.issues.push({ code: "custom", input: text, message: marginWanted });
      return z.NEVER;
    });
}
