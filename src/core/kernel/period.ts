import { z } from "zod";

const hourMs = 3_600_000;
const msOf: ReadonlyMap<string, number> = new Map([
  ["h", hourMs],
  ["d", 24 * hourMs],
]);

const pattern = /^(\d+)(h|d)$/;
/** Longest period: a century, so that no date computed from it leaves what a request's id can hold. */
const periodMsMax = 36_500 * 24 * hourMs;

/** The milliseconds of a period such as `90d` or `36h`; undefined when it is none, 0, or above a century. */
export function periodMs(text: string): number | undefined {
  const [, amount = "", unit = ""] = pattern.exec(text) ?? [];
  const ms = Number(amount) * (msOf.get(unit) ?? 0);
  return ms > 0 && ms <= periodMsMax ? ms : undefined;
}

/** How long something is kept, as a person writes it: `90d`. Read as milliseconds > 0. For calendars, not for timers. */
export function period(about: { readonly description: string; readonly examples: string[] }) {
  return z
    .string({ error: "a period such as 90d" })
    .regex(pattern, { error: "a period such as 90d" })
    .meta(about)
    .transform((text, context) => {
      const ms = periodMs(text);
      if (ms !== undefined) return ms;
      context.issues.push({ code: "custom", input: text, message: "a period above 0 and at most a century" });
      return z.NEVER;
    });
}
