import { RE2JS } from "re2js";
import { z } from "zod";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { patternWanted, sizedPattern } from "#core/routing/expressions/pattern.ts";
import { againstTexts, referenceKeys } from "#core/scoring/reference.ts";
import { unscored, verdict, type Score } from "#core/scoring/score.ts";
import type { Scorer, ScorerProblem } from "#core/scoring/scorer.ts";

/** Most that one answer takes, characters by instructions of the pattern: a second and a half. */
const workMax = 10_000_000;

/** `regex`: whether a pattern matches, or whether what a group of it finds is the reference. */
export const patternConfig = z.strictObject({
  kind: z.literal("regex"),
  ...referenceKeys,
  pattern: z
    .string()
    .min(1)
    .meta({
      description: "A regular expression of RE2: without look-around and back references.",
      examples: ["(?i)answer: (?P<answer>\\w+)"],
    }),
  group: z
    .union([z.string().min(1), z.int().min(0)])
    .optional()
    .meta({
      description: "The group, by name or number, that must be the reference; absent, a match is enough.",
      examples: ["answer", 1],
    }),
  take: z
    .enum(["first", "last"])
    .default("first")
    .meta({ description: "Which match is taken where there are several.", examples: ["last"] }),
  ignore_case: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the group is compared without regard to case.", examples: [true] }),
});

type PatternConfig = z.infer<typeof patternConfig>;

export function patternScorer(config: PatternConfig): Result<Scorer, ScorerProblem> {
  const sized = sizedPattern(config.pattern);
  if (!sized.ok) return failed({ wanted: patternWanted, actual: sized.error });
  const pattern = RE2JS.compile(config.pattern);
  const { group } = config;
  const isKnown =
    typeof group === "number"
      ? group <= pattern.groupCount()
      : Object.hasOwn(pattern.namedGroups(), group ?? "");
  if (group !== undefined && !isKnown) {
    return failed({ wanted: "a group of the pattern", actual: `the pattern has no group ${group}` });
  }
  const lengthMax = Math.floor(workMax / sized.value.instructions);
  const bounded = (text: string, score: () => Score): Score =>
    text.length <= lengthMax
      ? score()
      : unscored(
          "scorer-timeout",
          `At most ${lengthMax} characters are wanted, the answer has ${text.length}`,
        );
  if (group === undefined) {
    return ok(({ text }) => bounded(text, () => verdict(pattern.test(text))));
  }
  return ok(againstTexts(config, (text, reference) => bounded(text, () => compared(text, reference))));

  function compared(text: string, reference: string): Score {
    const found = foundBy(pattern, text, config.take, group ?? 0);
    if (found === undefined) return verdict(false, "The pattern does not match");
    return verdict(plain(found) === plain(reference));
  }

  function plain(text: string): string {
    return config.ignore_case ? text.trim().toLowerCase() : text.trim();
  }
}

/** What a group holds in the first or the last match; undefined without a match, empty where the group has no part in it. */
function foundBy(
  pattern: RE2JS,
  text: string,
  take: PatternConfig["take"],
  group: string | number,
): string | undefined {
  const matcher = pattern.matcher(text);
  let found: string | undefined;
  while (matcher.find()) {
    found = matcher.group(group) ?? "";
    if (take === "first") return found;
  }
  return found;
}
