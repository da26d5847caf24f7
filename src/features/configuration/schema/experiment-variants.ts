import { z } from "zod";
import { share, sumProblem } from "#core/kernel/share.ts";
import { name } from "./name.ts";

const wanted =
  "shares of variants such as { support-flash: 50%, support-argon: 50% }, or a list of their names";

const listed = z.array(name).transform((names): Readonly<Record<string, number>> =>
  // A name that stands there twice is one variant; that there are too few is said below.
  Object.fromEntries(names.map((one): [string, number] => [one, 1 / names.length])),
);

/** `experiments.<name>.variants`: shares by variant, read as a map also where a list of names stands for even shares. */
export const experimentVariants: z.ZodType<Readonly<Record<string, number>>> = z
  .union([z.record(name, share), listed], { error: wanted })
  .meta({
    description:
      "What is compared: 2 to 10 variants, each with its share of the units; the shares sum to 100%. A list shares evenly. The route's strategy need not name them. In mode `aa` the one variant that both arms are.",
    examples: [{ "support-flash": "50%", "support-argon": "50%" }, ["support-flash", "support-argon"]],
  })
  .superRefine((shares, context) => {
    for (const [variant, value] of Object.entries(shares)) {
      if (value > 0) continue;
      context.addIssue({ code: "custom", message: "a share above 0%", path: [variant] });
    }
    const problem = sumProblem(Object.values(shares));
    if (problem) context.addIssue(problem);
  });
