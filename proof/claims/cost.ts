import { costsOf, costVectors } from "../../test/support/cost-vectors.ts";
import type { Claim } from "../claim.ts";

/** Every model of the catalog, before and after each change of price, in every tier and mode. */
export const claim: Claim = {
  id: "cost",
  title: "The cost of a call is what the arithmetic written out by hand gives (test/vectors/cost)",
  wanted: "every one of at least 60 equal, to the pico-dollar",
  async run() {
    const vectors = costVectors();
    const differences = vectors.flatMap((vector) => {
      const { ours, byHand } = costsOf(vector);
      return ours !== undefined && BigInt(ours) === byHand && byHand === BigInt(vector.expected)
        ? []
        : [`${vector.name}: ${ours} pico-dollars, ${byHand} by hand`];
    });
    return {
      ok: differences.length === 0 && vectors.length >= 60,
      figure: `${vectors.length - differences.length} of ${vectors.length} equal`,
      details: differences,
    };
  },
};
