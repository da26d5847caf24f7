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
