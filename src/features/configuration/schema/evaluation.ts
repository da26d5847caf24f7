import { z } from "zod";
import { share } from "#core/kernel/share.ts";
import { rubricConfig } from "#core/scoring/judge/judge-config.ts";
import { pureScorerConfigs } from "#core/scoring/scorer-config.ts";
import { dailyBudget } from "./daily-budget.ts";
import { name } from "./name.ts";

/** Most routes and scorers of one evaluation. */
const routesMax = 100;
const scorersMax = 50;

/** A judge of live answers: there is no reference to show it, and requests to it are made here. */
const liveJudge = rubricConfig.omit({ reference: true, parameters: true });

const kinds = [...pureScorerConfigs, liveJudge].map(({ shape }) => shape.kind.values.values().next().value);

/** A scorer of live answers. */
export const liveScorerSchema = z.discriminatedUnion("kind", [...pureScorerConfigs, liveJudge], {
  error: (issue) =>
    issue.code === "invalid_union" ? `a scorer whose kind is one of ${kinds.join(", ")}` : undefined,
});

/** `evaluations.<name>` */
export const evaluationSchema = z
  .strictObject({
    route: z
      .union([name.transform((one) => [one]), z.array(name).min(1).max(routesMax)], {
        error: "a route's name, or a list of some",
      })
      .meta({
        description: "The route whose answers are scored, or a list of routes.",
        examples: ["assistant", ["assistant", "support"]],
      }),
    sample: share
      .refine((value) => value > 0, { error: "a share above 0% and up to 100%" })
      .meta({ description: "The share of requests whose answers are scored.", examples: ["5%"] })
      .prefault("5%"),
    scorers: z
      .record(name, liveScorerSchema)
      .refine((scorers) => Object.keys(scorers).length > 0, { error: "at least one scorer" })
      .refine((scorers) => Object.keys(scorers).length <= scorersMax, {
        error: `at most ${scorersMax} scorers`,
      })
      .meta({
        description:
          "What is said of each answer, by name, as in evaluation files: scorers that need no reference. Each score is feedback of the request, named `<evaluation>.<scorer>`.",
        examples: [{ polite: { kind: "judge", model: "judge", criteria: "It is polite." } }],
      }),
    budget: dailyBudget(
      "judges",
      "Judges cost money: what they may cost. Beyond it nobody is asked, and that is counted.",
    ).optional(),
  })
  .meta({ description: "What scores a sample of the answers that clients of a route were given." });

/** An evaluation as written. */
export type EvaluationSettings = z.output<typeof evaluationSchema>;
