import { z } from "zod";

/** A share as a person writes it: `80%`. Read as a number from 0 to 1. */
export const share = z
  .string({ error: "a share such as 80%" })
  .regex(/^\d+(\.\d+)?%$/, { error: "a share such as 80%" })
  .refine((text) => Number.parseFloat(text) <= 100, { error: "a share of at most 100%" })
  .meta({ description: "A share, in percent.", examples: ["80%", "2.5%"] })
  .transform((text) => Number.parseFloat(text) / 100);

/** A share from 0 to 1 as a person reads it; at most four digits after the point. */
export function shareText(value: number): string {
  return `${Number((value * 100).toFixed(4))}%`;
}

/** How far shares may be from 100% together: rounding as in 33.3% + 33.3% + 33.3%. */
const roundingMax = 0.002;

/** The issue of shares that are not all of something together; undefined where they sum to 100%. */
export function sumProblem(shares: readonly number[]) {
  const sum = shares.reduce((total, one) => total + one, 0);
  if (Math.abs(sum - 1) <= roundingMax) return undefined;
  const params = { actual: `a sum of ${shareText(sum)}` };
  return { code: "custom", message: "shares that sum to 100%", params } as const;
}
