import { z } from "zod";
import { name } from "./name.ts";

/** `chains.<name>`. What a chain is made of is code; here stands only what it asks. */
export const chainSchema = z
  .strictObject({
    route: name.meta({
      description: "The route, deployment or model that the chain asks.",
      examples: ["chat"],
    }),
  })
  .meta({ description: "What is configured of a chain." });

/** A chain's settings as written. */
export type ChainSettings = z.output<typeof chainSchema>;
