import { z } from "zod";

/** The name of a variant, as signalbox.yaml has it. */
export const variantName = z
  .string({ error: "the name of a variant" })
  .min(1, { error: "the name of a variant" });
