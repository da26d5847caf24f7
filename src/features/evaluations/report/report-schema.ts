import { z } from "zod";

const text = (description: string, example: string) => z.string().meta({ description, examples: [example] });

const number = (description: string, example: number) =>
  z.number().meta({ description, examples: [example] });

const count = (description: string, example: number) =>
  z
    .int()
    .min(0)
    .meta({ description, examples: [example] });

const known = (description: string, example: number) =>
  z
    .number()
    .nullable()
    .meta({ description, examples: [example] });

const interval = z
  .tuple([z.number(), z.number()])
  .nullable()
  .meta({ description: "Lower and upper bound; null where there is none.", examples: [[0.837, 0.875]] });

const estimate = z
  .strictObject({
    value: number("The value.", 0.857),
    interval,
    standard_error: known("Its standard error; null where there is none, and of shares.", 0.0097),
    items: count("Items that it is of.", 1319),
    units: count("What is independent: clusters, or items where there are none.", 1319),
    why: text("Why there is no interval.", "Nothing varies in the sample").optional(),
  })
  .meta({ description: "A value with its interval." });

const codes = (description: string) =>
  z
    .array(z.strictObject({ code: text("The reason.", "rate-limited"), count: count("How often.", 3) }))
    .meta({ description });

const corrected = z.strictObject({
  target: text("The target.", "flash"),
  scorer: text("The judge's name in the evaluation.", "helpful"),
  judge: text("Its name in the calibration.", "flash-judge"),
  judged: estimate.meta({ description: "The share that the judge lets pass." }),
  sensitivity: estimate.nullable().meta({ description: "What the judge lets pass of what humans do." }),
  specificity: estimate.nullable().meta({ description: "What the judge fails of what humans do." }),
  score: estimate.nullable().meta({ description: "The share that humans would let pass." }),
  why: text("Why there is no such share.", "The judge is no better than chance").optional(),
});

const distribution = z
  .strictObject({ mean: estimate, p50: estimate, p95: estimate })
  .nullable()
  .meta({ description: "How it is spread over answers; null where none has it." });

const amount = (description: string) =>
  z
    .strictObject({
      total: number("Of all answers that have it.", 1.2),
      per_item: estimate.nullable().meta({ description: "For each item; null where none has it." }),
      known: count("Answers that have it.", 1319),
    })
    .meta({ description });

const repeats = z
  .strictObject({
    passes: z
      .array(
        z.strictObject({
          k: count("How many answers.", 3),
          at_least_once: estimate.meta({ description: "The probability that one of k passes: pass@k." }),
          every_time: estimate.meta({ description: "The probability that all k pass: pass^k." }),
        }),
      )
      .meta({ description: "What k answers come to, over items with as many." }),
    repeated_items: count("Items with two scored answers or more.", 100),
    flaky_count: count("Items of them whose answers do not agree.", 7),
    flaky: z
      .array(
        z.strictObject({
          item: text("Its id.", "gsm8k-17"),
          passes: count("How many pass.", 2),
          answers: count("Of how many.", 4),
        }),
      )
      .meta({ description: "Those that agree least first, at most 100." }),
  })
  .meta({ description: "What repeats tell." });

const scorer = z
  .strictObject({
    scorer: text("Its name in the evaluation.", "right"),
    has_verdicts: z.boolean().meta({
      description: "Whether answers pass or do not: then `score` is the share that does.",
      examples: [true],
    }),
    score: estimate
      .nullable()
      .meta({ description: "Passes where it says so, else the mean score; null where nothing was scored." }),
    errors_as_wrong: estimate.nullable().meta({
      description:
        "The same with items that failed counted as wrong; null for scores that are not from 0 to 1.",
    }),
    mean_score: estimate.nullable().meta({ description: "The mean score of a scorer with verdicts." }),
    scored: count("Answers with a score.", 1310),
    unscored: codes("Answers without, by the reason."),
    cost_per_pass: z
      .strictObject({
        usd: known("US dollars; null where nothing passes.", 0.0012),
        interval,
        answers: count("Answers with a price and a verdict.", 1310),
      })
      .nullable()
      .meta({ description: "What an answer that passes costs, those that do not included." }),
    detectable: known(
      "The smallest difference to another target asked as many other items, that would be told in 80 % of runs.",
      0.038,
    ),
    repeats: repeats.nullable().meta({ description: "Null where each item was asked once." }),
    slices: z
      .array(
        z.strictObject({
          tag: text("The tag.", "topic"),
          slices: z
            .array(z.strictObject({ value: text("Its value.", "algebra"), score: estimate }))
            .meta({ description: "The largest first." }),
          more: count("Values that are not among them.", 0),
        }),
      )
      .meta({ description: "In parts by the tags of items." }),
  })
  .meta({ description: "What a target is worth by one scorer." });

const target = z
  .strictObject({
    target: text("Its name in the evaluation.", "flash"),
    repeats: count("How often an item was asked, at most.", 1),
    asked: count("Items times repeats, as far as they were asked.", 1319),
    answered: count("Of them with an answer.", 1310),
    failed: count("Of them without.", 9),
    failures: codes("Why, the most frequent reason first."),
    latency_ms: distribution,
    gateway_ms: distribution,
    cost_usd: amount("US dollars, judges not included."),
    input_tokens: amount("Tokens sent."),
    output_tokens: amount("Tokens generated."),
    judging: z
      .strictObject({
        calls: amount("Calls of judges."),
        cost_usd: amount("US dollars."),
        latency_ms: amount("Of all calls for an answer together, ms."),
      })
      .meta({ description: "What judges took, which is in none of the others." }),
    scorers: z.array(scorer).meta({ description: "Each scorer in the order of the evaluation." }),
  })
  .meta({ description: "What one target came to." });

const changes = (description: string) =>
  z
    .strictObject({
      count: count("How many.", 12),
      items: z
        .array(
          z.strictObject({
            item: text("Its id.", "gsm8k-17"),
            baseline: number("Its value on the baseline's side, repeats averaged.", 1),
            candidate: number("Its value on the candidate's.", 0),
          }),
        )
        .meta({ description: "The largest changes first, at most 200." }),
    })
    .meta({ description });

const ids = (description: string) =>
  z
    .strictObject({
      count: count("How many.", 2),
      items: z.array(z.string()).meta({ description: "The first 20 ids.", examples: [["gsm8k-17"]] }),
    })
    .meta({ description });

const comparison = z
  .strictObject({
    metric: text("The scorer or the measure.", "right"),
    of: z
      .enum(["passes", "scores", "measure"])
      .meta({ description: "What is compared.", examples: ["passes"] }),
    better: z
      .enum(["higher", "lower"])
      .nullable()
      .meta({ description: "Which way is the better one; null where nobody said so.", examples: ["higher"] }),
    pairs: count("Items with a value on both sides.", 1310),
    units: count("What is independent of them.", 1310),
    baseline: known("The mean over the pairs, of the baseline.", 0.83),
    candidate: known("The same of the candidate.", 0.857),
    judgement: z.enum(["better", "worse", "different", "open", "same", "unknown"]).meta({
      description:
        "`better`, `worse`, `different` (where no way is the better one): no chance, at `alpha` for all comparisons together. `open`: may be chance. `same`: nothing differs. `unknown`: cannot be told.",
      examples: ["better"],
    }),
    change: z
      .union([
        z.strictObject({
          difference: number("Candidate - baseline.", 0.027),
          standard_error: number("Its standard error.", 0.009),
          interval,
          p_value: number("Two-sided, of no difference.", 0.003),
          adjusted_p_value: number("Corrected for the number of comparisons.", 0.009),
          method: z.enum(["signs", "paired-t"]).meta({
            description:
              "`signs`: McNemar's test, mid-p. `paired-t`: the mean difference of what is independent.",
            examples: ["signs"],
          }),
        }),
        z.strictObject({
          refused: text("Why there is none, as a code.", "no-variance"),
          reason: text("Why there is none.", "Every item is the same on both sides"),
        }),
      ])
      .meta({ description: "The paired difference, or why there is none." }),
    discordant: z
      .strictObject({
        only_baseline: count("Items that pass on the baseline's side alone.", 20),
        only_candidate: count("Items that pass on the candidate's alone.", 55),
      })
      .nullable()
      .meta({ description: "Of independent items asked once on each side; null for others." }),
    bootstrap: z
      .strictObject({
        interval,
        p_value: number("Two-sided.", 0.004),
        resamples: count("How many.", 2000),
      })
      .nullable()
      .meta({ description: "The difference by resampling; null where it was not asked for." }),
    correlation: known("Of both sides over items: what pairing saves.", 0.6),
    detectable: known("The smallest true difference that these pairs would tell in 80 % of runs.", 0.021),
    regressions: changes("Items that got worse."),
    improvements: changes("Items that got better."),
    only_baseline: ids("Items with a value on the baseline's side alone."),
    only_candidate: ids("Items with a value on the candidate's alone."),
  })
  .meta({ description: "How a target differs by one metric on the same items." });

const data = z
  .strictObject({
    source: text("The file or the bundled set.", "gsm8k.jsonl"),
    digest: text("SHA-256 over the chosen items in their order.", "9f86d081884c7d65"),
    items: count("How many.", 1319),
  })
  .meta({ description: "The data set." });

const tradeOffs = z
  .strictObject({
    metrics: z
      .array(
        z.strictObject({
          name: text("A scorer or a measure.", "right"),
          better: z
            .enum(["higher", "lower"])
            .meta({ description: "Which way is better.", examples: ["higher"] }),
        }),
      )
      .meta({ description: "What is weighed." }),
    targets: z
      .array(
        z.strictObject({
          target: text("The target.", "flash"),
          standing: z.enum(["front", "perhaps_dominated", "dominated", "unknown"]).meta({
            description:
              "`front`: no target is as good in all and better in one. `dominated`: one surely is; `perhaps_dominated`: by the values, and it may be chance.",
            examples: ["front"],
          }),
          values: z
            .array(z.strictObject({ value: known("Of each metric in their order.", 0.857), interval }))
            .meta({ description: "Where it stands." }),
        }),
      )
      .meta({ description: "Each target." }),
    dominances: z
      .array(
        z.strictObject({
          better: text("A target.", "flash"),
          worse: text("The one behind it.", "old"),
          is_sure: z.boolean().meta({ description: "Whether it is no chance.", examples: [true] }),
        }),
      )
      .meta({ description: "Which target is behind which." }),
  })
  .meta({ description: "Targets by quality, cost and latency at once." });

const gate = z
  .strictObject({
    verdict: z.enum(["passed", "failed", "invalid"]).meta({
      description: "`invalid`: too much is without an answer or a score, or something cannot be told.",
      examples: ["passed"],
    }),
    checks: z
      .array(
        z.strictObject({
          kind: z.enum(["run", "bound", "regression"]).meta({
            description: "Whether the run tells anything, an absolute bound, or against a baseline.",
            examples: ["regression"],
          }),
          run: text("The evaluation.", "gsm8k"),
          target: text("The target.", "flash"),
          metric: text("The scorer or the measure.", "right"),
          status: z
            .enum(["passed", "failed", "unknown"])
            .meta({ description: "How it ended.", examples: ["passed"] }),
          text: text("What is there and what is wanted.", "0.857 (0.837 to 0.875), at least 0.8 wanted"),
        }),
      )
      .meta({ description: "Each check." }),
  })
  .meta({ description: "What the gate says." });

/** A report of runs, as JSON. */
export const reportSchema = z
  .strictObject({
    verdict: text("What it comes to, in a sentence.", "gsm8k: flash has right 85.7 % (83.7 % to 87.5 %)"),
    alpha: number("The error rate of intervals, and of all comparisons together.", 0.05),
    runs: z
      .array(
        z.strictObject({
          name: text("The evaluation.", "gsm8k"),
          folder: text("Where the run is kept.", "evaluations/gsm8k-2026-11-27T20-15-00"),
          started_at: text("When it began.", "2026-11-27T20:15:00.000Z"),
          data,
          baseline: z
            .strictObject({
              name: text("The evaluation.", "gsm8k"),
              folder: text("Where it is kept.", "evaluations/main"),
              started_at: text("When it began.", "2026-11-20T20:15:00.000Z"),
              data,
            })
            .nullable()
            .meta({ description: "The run that it is compared with; null where there is none." }),
          unfinished: count("Answers that began and have no end: they may have been paid and lost.", 0),
          replaced: count("Records in whose place a later one came.", 0),
          targets: z.array(target).meta({ description: "Each target in the order of the evaluation." }),
          corpus_values: z
            .array(
              z.strictObject({
                target: text("The target.", "flash"),
                scorer: text("The scorer's name in the evaluation.", "translation"),
                name: text("What the value is.", "corpus_bleu"),
                value: number("The value.", 0.342),
              }),
            )
            .meta({
              description: "Of all answers of a target together, where that is not the mean of their scores.",
            }),
          corrected: z.array(corrected).meta({
            description:
              "Scores of calibrated judges, corrected by their error rates; empty without a calibration.",
          }),
          trade_offs: tradeOffs.nullable().meta({ description: "Null where there is nothing to weigh." }),
        }),
      )
      .meta({ description: "Each run." }),
    compared: z
      .array(
        z.strictObject({
          label: text("What is compared with what.", "gsm8k: flash beside its baseline"),
          metrics: z.array(comparison).meta({ description: "Each metric that both sides have." }),
        }),
      )
      .meta({ description: "What was compared; corrected for their number, all together." }),
    gate: gate.nullable().meta({ description: "What the gate says; null where nobody asks." }),
    notes: z.array(z.string()).meta({
      description: "What whoever reads results has to know of them.",
      examples: [["gsm8k: flash: of 3 of 1310 answers the price is not known"]],
    }),
  })
  .meta({ id: "EvaluationReport", description: "What runs of evaluations came to." });

/** A report of runs, as JSON. */
export type EvaluationReportView = z.output<typeof reportSchema>;
