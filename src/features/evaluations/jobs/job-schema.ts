import { z } from "zod";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { reportSchema } from "#features/evaluations/report/report-schema.ts";
import { jobStates } from "./run-job.ts";

const idExample = "019ac4e2-5d2e-7c41-9b3a-5e8f0c6d2a17";
const id = z.string().regex(requestIdPattern, { error: "the id of a run" });

/** `/api/evaluations/runs/{id}`. */
export const runParams = z.object({ id: id.meta({ description: "The run.", examples: [idExample] }) });

/** Which runs are listed. */
export const runsQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .meta({ description: "How many at most, newest first.", examples: [20] }),
  before: id.optional().meta({
    description: "Only runs that are older than this one: the last of the page before.",
    examples: [idExample],
  }),
});

/** What of a run is told. */
export const runQuery = z.strictObject({
  report: z
    .enum(["true", "false"])
    .default("true")
    .meta({ description: "Whether with its report, which reads all records.", examples: ["false"] }),
});

/** How a run is gone on with. */
export const resumeBody = z.strictObject({
  retry: z
    .enum(["errors"])
    .optional()
    .meta({
      description: "`errors` asks again, beside what is left, what had no answer.",
      examples: ["errors"],
    }),
  budget_usd: z
    .number()
    .positive()
    .optional()
    .meta({
      description: "US dollars, all that was spent included, in place of the bound before.",
      examples: [10],
    }),
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: "Calls under way at most, in place of the bound before.", examples: [16] }),
});

const count = (description: string, example: number) => z.int().meta({ description, examples: [example] });
const instant = (description: string) =>
  z.iso
    .datetime()
    .nullable()
    .meta({ description, examples: ["2026-11-27T20:15:00.000Z"] });

const stop = z
  .strictObject({
    kind: z.enum(["interrupted", "budget", "unpriced", "systemic", "failed"]).meta({
      description:
        "`interrupted`: somebody stopped it; `budget`: it is spent; `unpriced`: it has a budget, and an answer does not tell its cost; `systemic`: so many of a target failed in a row; `failed`: it could not be carried out.",
      examples: ["budget"],
    }),
    message: z
      .string()
      .meta({ description: "The same in words.", examples: ["the budget is spent (5.0000 US dollars)"] }),
  })
  .meta({ description: "Why it ended before all was done." });

const runShape = {
  id: id.meta({ description: "The run.", examples: [idExample] }),
  name: z.string().meta({ description: "The evaluation.", examples: ["gsm8k"] }),
  state: z.enum(jobStates).meta({
    description:
      "`queued`: it waits for a process; `running`; `finished`: all is done; `stopped`: before all was done; `failed`: it could not be carried out.",
    examples: ["running"],
  }),
  stop: stop.nullable().meta({ description: "Why it ended before all was done; null where it did not." }),
  total: count("Answers that there will be; 0 until the data was read.", 1319),
  done: count("Answers that are there, and failures in their place.", 700),
  failed: count("Of those, without an answer.", 2),
  lost: count("Answers that were under way when a process ended: they may have been paid twice.", 0),
  cost_usd: z
    .number()
    .meta({ description: "What answers and judges have cost, as far as that is known.", examples: [0.42] }),
  created_at: z.iso
    .datetime()
    .meta({ description: "When it was asked for.", examples: ["2026-11-27T20:15:00.000Z"] }),
  created_by: z.string().meta({ description: "By whom: a key's id, admin or anyone.", examples: ["admin"] }),
  started_at: instant("When a process first took it; null while it waits."),
  finished_at: instant("When it ended; null where it has not."),
};

/** A run in a list. */
export const runView = z
  .strictObject(runShape)
  .meta({ id: "EvaluationRun", description: "A run of an evaluation, carried out by Signalbox." });

/** A run as it is told in lists. */
export type RunView = z.output<typeof runView>;

/** Runs. */
export const runsView = z.strictObject({
  runs: z.array(runView).meta({ description: "Newest first." }),
});

/** One run. */
export const runDetailView = z
  .strictObject({
    ...runShape,
    evaluation: z.record(z.string(), z.json()).meta({
      description: "The evaluation as it was sent, with bounds as they are now.",
      examples: [{ name: "gsm8k" }],
    }),
    manifest: z
      .record(z.string(), z.json())
      .nullable()
      .meta({
        examples: [{ version: 1, name: "gsm8k" }],
        description: "What it is of, as `run.json` of a run's folder; null until its data was read.",
      }),
    report: reportSchema.nullable().meta({
      description: "What it came to by now; null while there is no record, or where it is not asked for.",
    }),
  })
  .meta({ id: "EvaluationRunDetail", description: "A run, and what it came to." });

/** One run as it is told. */
export type RunDetailView = z.output<typeof runDetailView>;

const position = count("Which item of the data it is, from 0.", 0);

/** A line of what a run has kept. */
export const runLineView = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("started").meta({ description: "It is about to be asked." }),
      position,
      item: z.string().meta({ description: "The item's id.", examples: ["fr"] }),
      target: z.string().meta({ description: "Who was asked.", examples: ["flash"] }),
      repeat: count("Which of several repeats, from 0.", 0),
      atMs: z.number().meta({ description: "When, ms since 1970.", examples: [1_795_812_000_000] }),
    }),
    z.strictObject({
      kind: z.literal("finished").meta({ description: "It is over." }),
      position,
      record: z.record(z.string(), z.json()).meta({
        description: "The answer or the failure in its place, and the scores.",
        examples: [{ item: "fr", target: "flash", repeat: 0 }],
      }),
    }),
  ])
  .meta({ description: "A line for each question, before it is asked and when its answer is scored." });
