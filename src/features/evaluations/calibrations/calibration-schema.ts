import { z } from "zod";
import { comparingConfig, rubricConfig } from "#core/scoring/judge/judge-config.ts";
import { evaluationSchema } from "#features/evaluations/evaluation-file/schema.ts";

const field = z.string().min(1);
const value = z.union([z.string(), z.number(), z.boolean()]);
const values = z.union([value, z.array(value).min(1)]);

const labelSchema = z.strictObject({
  field: field.default("label").meta({
    description: "The field of an item with what a human said; dots lead into objects.",
    examples: ["label"],
  }),
  first: values.optional().meta({
    description: "How it is written that the first of `answers` is better: a value, or several. Default 1.",
    examples: [1],
  }),
  second: values.optional().meta({
    description: "How it is written that the second one is. Default 2.",
    examples: [2],
  }),
  tie: values.optional().meta({
    description: "How it is written that neither is. Default `tie`.",
    examples: ["tie"],
  }),
  pass: values.optional().meta({
    description: "How it is written that `answer` is good. Default true, 1, `pass` and `yes`.",
    examples: [["good", "ok"]],
  }),
  fail: values.optional().meta({
    description: "How it is written that it is not. Default false, 0, `fail` and `no`.",
    examples: ["bad"],
  }),
  pass_at: z
    .number()
    .optional()
    .meta({ description: "Of points, how many are enough to be good.", examples: [4] }),
});

const {
  name,
  description,
  data,
  prompt,
  concurrency,
  budget_usd: budget,
  abort_after: abortAfter,
} = evaluationSchema.shape;

/** What a calibration of judges is made of, as written. */
export const calibrationSchema = z
  .strictObject({
    name,
    description,
    data,
    prompt: prompt.meta({
      description: "What the answers are to, with gaps that the fields of an item fill, as of an evaluation.",
      examples: ["{{input}}"],
    }),
    answers: z
      .tuple([field, field])
      .optional()
      .meta({
        description: "The fields of an item with two answers that are compared.",
        examples: [["output_1", "output_2"]],
      }),
    answer: field.optional().meta({
      description: "The field of an item with the only answer, which is rated.",
      examples: ["response"],
    }),
    label: labelSchema.prefault({}).meta({ description: "What humans said of it." }),
    judges: z
      .record(name, z.discriminatedUnion("kind", [rubricConfig, comparingConfig]))
      .refine((judges) => Object.keys(judges).length > 0, { error: "at least one judge" })
      .meta({
        description:
          "Who is calibrated, by name: described as the scorers `judge` and `pairwise` of an evaluation are, the latter without `against` and `swap`.",
        examples: [{ flash: { kind: "pairwise", model: "judge", criteria: "It follows the instruction." } }],
      }),
    concurrency,
    budget_usd: budget,
    abort_after: abortAfter,
  })
  .superRefine(({ answers, answer, label, judges }, context) => {
    const complain = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path: [...path], message });
    if ((answers === undefined) === (answer === undefined)) {
      complain(["answers"], "either `answers`, two fields to compare, or `answer`, one to rate");
      return;
    }
    const wanted = answers ? "pairwise" : "judge";
    for (const [judge, { kind }] of Object.entries(judges))
      if (kind !== wanted)
        complain(["judges", judge, "kind"], `"${wanted}", as there is \`${answers ? "answers" : "answer"}\``);
    const others = answers ? (["pass", "fail", "pass_at"] as const) : (["first", "second", "tie"] as const);
    for (const key of others)
      if (label[key] !== undefined)
        complain(["label", key], `nothing: it is of ${answers ? "`answer`" : "`answers`"}`);
    if (label.pass_at !== undefined && (label.pass ?? label.fail) !== undefined)
      complain(["label", "pass_at"], "either points with `pass_at`, or words with `pass` and `fail`");
  });

/** A calibration as read. */
export type CalibrationSettings = z.output<typeof calibrationSchema>;
