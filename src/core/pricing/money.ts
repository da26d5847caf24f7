import { z } from "zod";

/** Pico-dollars of one dollar: all money is whole pico-dollars (10^-12 USD), so that sums are exact in any order. */
export const picoPerDollar = 1_000_000_000_000;

/** Tokens that prices are quoted for. */
const quotedTokens = 1_000_000;
/** Digits behind the point of a quoted price: finer ones are no whole pico-dollars a token. */
const quotedDigits = 6;

const pricePattern = /^\$(\d{1,6})(?:\.(\d{1,6}))?$/;

/** A quoted price such as `$0.075` (for a million tokens) in pico-dollars a token; undefined when the text is none. */
export function picoPerToken(text: string): number | undefined {
  const [, dollars, fraction = ""] = pricePattern.exec(text) ?? [];
  if (dollars === undefined) return undefined;
  // $1 for 10^6 tokens is 10^12 / 10^6 = 10^6 pico-dollars a token: the six digits behind the point are the rest.
  return Number(dollars) * (picoPerDollar / quotedTokens) + Number(fraction.padEnd(quotedDigits, "0"));
}

/** A quoted price as a person reads it: `$0.075`. */
export function quotedPrice(picoDollarsPerToken: number): string {
  return `$${usdText(BigInt(picoDollarsPerToken) * BigInt(quotedTokens))}`;
}

/** A price for a million tokens as a person writes it: `$0.10`. Read as pico-dollars a token. */
export function price(about: { readonly description: string; readonly examples: string[] }) {
  const expected = "a price in dollars such as $0.10, at most six digits behind the point";
  return z
    .string({ error: expected })
    .regex(pricePattern, { error: expected })
    .meta(about)
    .transform((text) => picoPerToken(text) ?? 0);
}

/** An amount as a person writes it, `$0.01`, above nothing and up to the most. Read as pico-dollars. */
export function dollars(about: {
  readonly description: string;
  readonly examples: string[];
  /** As it is written. */
  readonly most: string;
}) {
  const { most, ...meta } = about;
  const expected = `an amount above $0 and up to ${most} such as ${about.examples[0] ?? most}`;
  return z
    .string({ error: expected })
    .meta(meta)
    .transform((text, context) => {
      const amount = picoDollars(text) ?? 0;
      if (amount > 0 && amount <= (picoDollars(most) ?? 0)) return amount;
      context.issues.push({ code: "custom", input: text, message: expected });
      return z.NEVER;
    });
}

/** What is quoted for a million tokens is a millionth for one. */
function picoDollars(text: string): number | undefined {
  const each = picoPerToken(text);
  return each === undefined ? undefined : each * quotedTokens;
}

/** Pico-dollars as plain decimal dollars without the sign: `0.000123`; exact, without trailing zeros. */
export function usdText(picoDollars: number | bigint): string {
  const text = picoDollars.toString();
  const sign = text.startsWith("-") ? "-" : "";
  const digits = text.slice(sign.length).padStart(13, "0");
  const fraction = digits.slice(-12).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -12)}${fraction === "" ? "" : `.${fraction}`}`;
}
