import { z } from "zod";
import type { Ratio } from "./price-schedule.ts";

const factorPattern = /^(?!0+(?:\.0*)?%)(\d{1,4})(?:\.(\d{1,4}))?%$/;

/** A factor in percent, `180%` or `52.5%`, as the exact ratio that it is; undefined when the text is none, or nought. */
export function ratioOfPercent(text: string): Ratio | undefined {
  const [, whole, fraction = ""] = factorPattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { numerator: Number(whole + fraction), denominator: 100 * 10 ** fraction.length };
}

/** A factor as a person writes it. Read as an exact ratio. */
export function factor(about: { readonly description: string; readonly examples: string[] }) {
  const expected = "a percentage above 0 such as 50%, at most four digits behind the point";
  return z
    .string({ error: expected })
    .regex(factorPattern, { error: expected })
    .meta(about)
    .transform((text) => ratioOfPercent(text) ?? { numerator: 1, denominator: 1 });
}
