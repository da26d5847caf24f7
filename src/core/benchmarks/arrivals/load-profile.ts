import type { RatePiece } from "./rate-arrivals.ts";

/** How load comes, where a schedule says it (an open loop): slow answers do not make the next requests wait. */
export type OpenProfile =
  | { readonly kind: "constant" | "poisson"; readonly rate: number; readonly durationMs: number }
  | { readonly kind: "ramp"; readonly from: number; readonly to: number; readonly durationMs: number }
  | { readonly kind: "step"; readonly rates: readonly number[]; readonly durationMs: number }
  | {
      readonly kind: "spike";
      readonly rate: number;
      readonly peak: number;
      readonly spikeMs: number;
      readonly durationMs: number;
    };

/**
 * The rates of a profile over its duration. Steps are of equal length; a spike stands in the middle, between two stretches
 * of the base rate.
 */
export function ratePieces(profile: OpenProfile): readonly RatePiece[] {
  switch (profile.kind) {
    case "constant":
    case "poisson":
      return [flat(profile.rate, profile.durationMs)];
    case "ramp":
      return [{ durationMs: profile.durationMs, from: profile.from, to: profile.to }];
    case "step":
      return profile.rates.map((rate) => flat(rate, profile.durationMs / profile.rates.length));
    case "spike": {
      const besideMs = Math.max(0, profile.durationMs - profile.spikeMs) / 2;
      return [
        flat(profile.rate, besideMs),
        flat(profile.peak, profile.spikeMs),
        flat(profile.rate, besideMs),
      ];
    }
  }
}

function flat(rate: number, durationMs: number): RatePiece {
  return { durationMs, from: rate, to: rate };
}
