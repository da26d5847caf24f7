import { z } from "zod";

const msOf: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
/** Longest accepted duration: what a timer of Node can wait, 2^31 - 1 ms. */
const durationMsMax = 2_147_483_647;

/** The milliseconds of a duration such as `8s`, `500ms`, `2m` or `1.5h`; undefined when it is none or not positive. */
export function durationMs(text: string): number | undefined {
  const [, amount = "", unit = ""] = pattern.exec(text) ?? [];
  const ms = Number(amount) * (msOf.get(unit) ?? 0);
  return ms > 0 && ms <= durationMsMax ? ms : undefined;
}

/**
 * A duration as a person writes it: `8s`. Read as milliseconds > 0. Its description and examples are given here,
 * because an editor's schema shows only those that stand before the transformation.
 */
export function duration(about: { readonly description: string; readonly examples: string[] }) {
  return z
    .string({ error: "a duration such as 8s" })
    .regex(pattern, { error: "a duration such as 8s" })
    .meta(about)
    .transform((text, context) => {
      const ms = durationMs(text);
      if (ms !== undefined) return ms;
      context.issues.push({ code: "custom", input: text, message: "a duration above 0 and below 25 days" });
      return z.NEVER;
    });
}
