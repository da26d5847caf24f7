import { z } from "zod";

/** `modules` */
export const modulesSchema = z
  .strictObject({
    allow: z
      .array(z.string().min(1))
      .default([])
      .meta({
        description:
          "Packages that providers of the kind `langchain` may load, with what lies below them, and paths of modules, each as providers write it. Nothing else is loaded.",
        examples: [["@langchain/openai", "./models/in-house.js"]],
      }),
  })
  .meta({ description: "What code this configuration may load." });
