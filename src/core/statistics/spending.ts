import { normalCdf, normalQuantile } from "./special-functions.ts";

/**
 * How an error rate is given out over the information of a trial (Lan & DeMets 1983, Biometrika 70). With t the share of the
 * planned information and a the rate of one side:
 * - `obrien-fleming`: 2 (1 - Phi(z_{1-a/2} / sqrt t)). Hardly anything early, nearly all at the end: the usual choice
 * - `pocock`: a ln(1 + (e - 1) t). Much early; about the same bound at every look
 * - `power`: a t^exponent, exponent > 0. 1 is close to Pocock's, 3 to O'Brien and Fleming's (Kim & DeMets 1987, Biometrika 74)
 */
export type Spending =
  | { readonly kind: "obrien-fleming" }
  | { readonly kind: "pocock" }
  | { readonly kind: "power"; readonly exponent: number };

/**
 * The error rate that may be spent up to a look, of `alpha` in (0, 1) for one side.
 * @param fraction information now over information planned, >= 0; everything is spent from 1 on, however far it overruns
 */
export function spentAlpha(
  spending: Spending,
  { fraction, alpha }: { readonly fraction: number; readonly alpha: number },
): number {
  if (fraction <= 0) return 0;
  if (fraction >= 1) return alpha;
  switch (spending.kind) {
    case "obrien-fleming":
      return 2 * normalCdf(normalQuantile(alpha / 2) / Math.sqrt(fraction));
    case "pocock":
      return alpha * Math.log1p((Math.E - 1) * fraction);
    case "power":
      return alpha * fraction ** spending.exponent;
  }
}
