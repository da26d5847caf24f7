import { z } from "zod";
import { referenceKeys, referenceTexts } from "#core/scoring/reference.ts";
import { verdict } from "#core/scoring/score.ts";
import type { Scorer } from "#core/scoring/scorer.ts";

/** `contains`: whether texts are in the answer. */
export const containsConfig = z.strictObject({
  kind: z.literal("contains"),
  ...referenceKeys,
  wanted: z
    .enum(["all", "any", "none"])
    .default("all")
    .meta({ description: "How many of the texts must be in the answer.", examples: ["any"] }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether large and small letters are the same.", examples: [true] }),
});

export function containsScorer(config: z.infer<typeof containsConfig>): Scorer {
  const compared = (text: string): string => (config.ignore_case ? text.toLowerCase() : text);
  return ({ text, fields }) => {
    const texts = referenceTexts(config, fields);
    if (!texts.ok) return texts.error;
    const answer = compared(text);
    const found = texts.value.filter((wanted) => answer.includes(compared(wanted))).length;
    const passed = { all: found === texts.value.length, any: found > 0, none: found === 0 }[config.wanted];
    return verdict(passed, `${found} of ${texts.value.length} are in the answer`);
  };
}
