import { z } from "zod";

/** Decimal units, as disks are sold and Postgres' own tools do not count: 1 GB is 10^9 bytes. */
const bytesOf: ReadonlyMap<string, number> = new Map([
  ["KB", 1e3],
  ["MB", 1e6],
  ["GB", 1e9],
  ["TB", 1e12],
]);

const pattern = /^(\d+(?:\.\d+)?)(KB|MB|GB|TB)$/;

/** The bytes of a size such as `1GB` or `1.5MB`, rounded to whole ones; undefined when the text is none. */
export function bytesOfSize(text: string): number | undefined {
  const [, amount, unit = ""] = pattern.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * (bytesOf.get(unit) ?? 0));
}

/** What a size in bytes must be, and how an editor explains it. */
interface ByteSizeAbout {
  readonly description: string;
  readonly examples: string[];
  /** As a person writes them; both included. */
  readonly smallest: string;
  readonly largest: string;
}

/** A size as a person writes it: `1GB`. Read as whole bytes. */
export function byteSize({ smallest, largest, ...about }: ByteSizeAbout) {
  return z
    .string({ error: "a size such as 1GB" })
    .regex(pattern, { error: "a size such as 1GB" })
    .meta(about)
    .transform((text, context) => {
      const bytes = bytesOfSize(text) ?? 0;
      if (bytes >= (bytesOfSize(smallest) ?? 0) && bytes <= (bytesOfSize(largest) ?? Infinity)) return bytes;
      context.issues.push({ code: "custom", input: text, message: `a size from ${smallest} to ${largest}` });
      return z.NEVER;
    });
}
