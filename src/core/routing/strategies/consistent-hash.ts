import { z } from "zod";
import { drawFrom } from "./draw-from.ts";
import { canServe, mixture, settingsOf, variantsOf, type WeightedPart } from "./parts.ts";
import { ownerOf } from "#core/routing/rendezvous.ts";
import { sharesSchema, sharesText } from "./shares.ts";
import type { Strategy, StrategyKind } from "./strategy.ts";

interface Settings {
  readonly by: "unit" | "conversation";
  readonly salt?: string | undefined;
  readonly shares: readonly WeightedPart[];
}

/** Shares of the units (or conversations): each stays where it is as long as that can serve it. */
function consistentHash({ by, salt, shares }: Settings): Strategy {
  const parts = shares.map(({ part }) => part);
  const labelled = shares
    .filter(({ weight }) => weight > 0)
    .map((share) => ({ ...share, label: JSON.stringify(settingsOf(share.part)) }));
  return {
    keyword: "consistent_hash",
    settings: { by, ...(salt !== undefined && { salt }), shares: sharesText(shares) },
    variants: variantsOf(parts),
    parts,
    probabilities: (input) => mixture(shares, input),
    draw(input, unit) {
      const able = labelled.filter(({ part }) => canServe(part, input));
      const owner = ownerOf(able, { salt: salt ?? input.route, unit: input.view.stickyKey(by) });
      return owner && drawFrom(owner.part, input, unit);
    },
  };
}

/** `consistent_hash: { by: unit, shares: { support-flash: 80%, support-lite: 20% } }` */
export const consistentHashKind: StrategyKind = {
  keyword: "consistent_hash",
  schema: (target) =>
    z
      .strictObject({
        by: z.enum(["unit", "conversation"]).meta({
          description: "What stays with its variant: whom the requests are for, or their conversation.",
          examples: ["unit"],
        }),
        salt: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .meta({
            description: "Shares units out anew when it changes; without it the route's name is taken.",
            examples: ["2026-11"],
          }),
        shares: sharesSchema(target).meta({
          description: "A share of the units for each variant; the shares sum to 100%.",
          examples: [{ "support-flash": "80%", "support-lite": "20%" }],
        }),
      })
      .meta({
        description:
          "Shares of the units: each stays with its variant, and a share that is raised only adds units.",
        examples: [{ by: "unit", shares: { "support-flash": "80%", "support-lite": "20%" } }],
      })
      .transform(consistentHash),
};
