import { z } from "zod";
import { againstTexts, referenceKeys } from "#core/scoring/reference.ts";
import { verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";

/** `exact`: whether the answer is the reference. */
export const exactConfig = z.strictObject({
  kind: z.literal("exact"),
  ...referenceKeys,
  trim: z
    .boolean()
    .default(true)
    .meta({ description: "Whether white space at both ends does not count.", examples: [true] }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether large and small letters are the same.", examples: [false] }),
});

export function exactScorer(config: z.infer<typeof exactConfig>): Scorer {
  const compared = (text: string): string => {
    const trimmed = config.trim ? text.trim() : text;
    return config.ignore_case ? trimmed.toLowerCase() : trimmed;
  };
  return againstTexts(config, (answer, reference) => verdict(compared(answer) === compared(reference)));
}
