import { z } from "zod";
import type { ScoreDrift } from "#core/evaluations/score-drift.ts";
import type { LiveScores, WindowScore } from "./live-scores.ts";

const instant = z.iso.datetime({ offset: true });
const number = (description: string, example: number) =>
  z
    .number()
    .nullable()
    .meta({ description, examples: [example] });

const windowSchema = z
  .object({
    count: z
      .int()
      .min(0)
      .meta({ description: "Scores.", examples: [412] }),
    mean: number("Their mean; null where there are none.", 0.93),
    low: number("Where the true mean begins, at 95 %; null where that cannot be said.", 0.9),
    high: number("Where it ends.", 0.95),
  })
  .meta({ id: "LiveScoreWindow", description: "Scores of a time." });

const driftSchema = z
  .object({
    state: z.enum(["drifted", "steady", "unknown"]).meta({
      description: "Whether the last day differs from the week before by more than chance makes likely.",
      examples: ["steady"],
    }),
    difference: number("Mean of the last day less that of the days before; null where unknown.", -0.02),
    low: number("Where the true difference begins, at 99 %, of this one alone.", -0.06),
    high: number("Where it ends.", 0.02),
    p_value: number("Corrected for all scores and variants that are looked at (Holm).", 0.4),
    reason: z
      .string()
      .nullable()
      .meta({ description: "Why it is unknown; null where it is not.", examples: [null] }),
  })
  .meta({ id: "ScoreDrift", description: "Whether scores are other ones lately." });

/** `GET /api/evaluations/{name}` */
export const liveScoresReply = z
  .object({
    evaluation: z.string().meta({ description: "The evaluation.", examples: ["quality"] }),
    routes: z
      .array(z.string())
      .meta({ description: "The routes whose answers it scores.", examples: [["support"]] }),
    sample: z.number().meta({ description: "The share of requests, from 0 to 1.", examples: [0.05] }),
    from: instant.meta({
      description: "Where the days before the last one begin.",
      examples: ["2026-11-17T12:00:00.000Z"],
    }),
    last_from: instant.meta({
      description: "Where the last day begins.",
      examples: ["2026-11-24T12:00:00.000Z"],
    }),
    to: instant.meta({ description: "Where it ends: now.", examples: ["2026-11-25T12:00:00.000Z"] }),
    scores: z
      .array(
        z
          .object({
            scorer: z.string().meta({ description: "The scorer.", examples: ["polite"] }),
            feedback: z
              .string()
              .meta({ description: "The name of its feedback.", examples: ["quality.polite"] }),
            route: z.string().meta({ description: "The route.", examples: ["support"] }),
            variant: z
              .string()
              .meta({ description: "The variant that was decided on.", examples: ["support-flash"] }),
            last: windowSchema.meta({ description: "Of the last day." }),
            before: windowSchema.meta({ description: "Of the seven days before." }),
            drift: driftSchema,
          })
          .meta({ id: "LiveScore", description: "What one scorer said of one variant." }),
      )
      .meta({ description: "By scorer, route and variant." }),
  })
  .meta({ id: "LiveScores", description: "What live answers were found to be worth." });

/** Names an evaluation. */
export const evaluationParams = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: "The evaluation's name.", examples: ["quality"] }),
});

/** Scores, as the API tells them. */
export function liveScoresView({ evaluation, fromMs, lastMs, toMs, scores }: LiveScores): LiveScoresView {
  return {
    evaluation: evaluation.name,
    routes: [...evaluation.routes],
    sample: evaluation.sample,
    from: new Date(fromMs).toISOString(),
    last_from: new Date(lastMs).toISOString(),
    to: new Date(toMs).toISOString(),
    scores: scores.map(({ scorer, name, route, variant, last, before, drift }) => ({
      scorer,
      feedback: name,
      route,
      variant,
      last: windowView(last),
      before: windowView(before),
      drift: driftView(drift),
    })),
  };
}

type LiveScoresView = z.output<typeof liveScoresReply>;

function windowView({ count, mean, interval }: WindowScore) {
  return { count, mean: mean ?? null, low: interval?.[0] ?? null, high: interval?.[1] ?? null };
}

function driftView(drift: ScoreDrift): LiveScoresView["scores"][number]["drift"] {
  if (drift.state === "unknown")
    return { state: "unknown", difference: null, low: null, high: null, p_value: null, reason: drift.reason };
  const { state, difference, interval, pValue } = drift;
  const [low, high] = interval;
  return { state, difference, low, high, p_value: pValue, reason: null };
}
