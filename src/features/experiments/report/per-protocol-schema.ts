import { z } from "zod";
import { number, readings, text, value } from "./reading-schema.ts";

/** Units that no fallback answered, as `perProtocolView` tells them. */
export const perProtocol = z
  .object({
    caution: text(
      "Why it decides nothing.",
      "Only units that no fallback ever answered. What they differ by is biased, and decides nothing",
    ),
    variants: z
      .array(
        z.object({
          variant: text("The variant.", "support-argon"),
          units: number("Its units that no fallback ever answered.", 4890),
        }),
      )
      .meta({ description: "How many units there are." }),
    metrics: z
      .array(
        z.object({
          name: text("A primary metric.", "resolved"),
          variants: z
            .array(z.object({ variant: text("The variant.", "support-argon"), value }))
            .meta({ description: "What each variant has." }),
          comparisons: z
            .array(
              z.object({
                variant: text("The treatment.", "support-argon"),
                deciding: readings("As the design allows it to be read now, without correction."),
              }),
            )
            .meta({ description: "Each variant against the control." }),
        }),
      )
      .meta({ description: "Primary metrics of these units." }),
  })
  .meta({
    id: "ExperimentPerProtocol",
    description:
      "Primary metrics of units that their assigned variant always answered. Shown, and never what decides.",
  });
