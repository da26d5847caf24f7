import { z } from "zod";

const unitOf: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
]);

const pattern = /^(\d+(?:\.\d+)?)(k|M|G)?$/;

/** The whole number that an amount such as `2000`, `50k` or `3M` is; undefined when the text is none. */
export function numberOfAmount(text: string): number | undefined {
  const [, digits, unit = ""] = pattern.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // Rounded, since 1.1 times 1000 is not 1100 in binary; what stays broken is no whole number.
  const number = Number(digits) * (unitOf.get(unit) ?? 0);
  const whole = Math.round(number);
  return Math.abs(number - whole) < 1e-6 ? whole : undefined;
}

/** A whole number as a person writes it: `2000`, `50k`, `3M`. */
export function amount(about: {
  readonly description: string;
  readonly examples: (string | number)[];
  /** Both included. */
  readonly smallest: number;
  readonly largest: number;
}) {
  const { smallest, largest, ...meta } = about;
  const wanted = `a whole number from ${smallest} to ${largest} such as 2000, 50k or 3M`;
  return z
    .union([z.number(), z.string()], { error: wanted })
    .meta(meta)
    .transform((written, context) => {
      const number = numberOfAmount(String(written));
      if (number !== undefined && number >= smallest && number <= largest) return number;
      context.issues.push({ code: "custom", input: written, message: wanted });
      return z.NEVER;
    });
}
