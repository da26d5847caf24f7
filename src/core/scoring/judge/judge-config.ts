import { z } from "zod";
import type { JudgeScale } from "./rubric.ts";

const judge = z.string().min(1).max(200);

const asked = {
  model: z.union([judge.transform((name) => [name]), z.array(judge).min(1).max(9)]).meta({
    description:
      "Who judges: a route, a variant (`<route>/<variant>`) or a model; several are a panel, each with its votes.",
    examples: ["judge", ["judge", "second-opinion"]],
  }),
  criteria: z
    .string()
    .min(1)
    .max(20_000)
    .meta({
      description: "What makes an answer good, in words.",
      examples: ["It answers the question, is right, and is polite."],
    }),
  reference: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "The field of the item that says what is right; nobody tells the judge where it is left out.",
      examples: ["answer"],
    }),
  votes: z
    .int()
    .min(1)
    .max(25)
    .default(1)
    .meta({
      description: "How often each judge is asked; the mean of its votes counts.",
      examples: [3],
    }),
  parameters: z
    .record(z.string(), z.json())
    .default({})
    .meta({
      description: "What goes along with each request to a judge.",
      examples: [{ temperature: 0 }],
    }),
  timeout: z
    .number()
    .positive()
    .max(600)
    .default(120)
    .meta({
      description: "Longest time for all votes of one answer, seconds.",
      examples: [60],
    }),
};

/** `judge`: how good a model finds the answer. */
export const rubricConfig = z.strictObject({
  kind: z.literal("judge"),
  ...asked,
  scale: z
    .union([
      z.literal("pass"),
      z.strictObject({
        points: z
          .tuple([z.int(), z.int()])
          .refine(([least, most]) => least < most, { error: "the least points, and more of them" }),
      }),
      z.strictObject({
        grades: z
          .record(z.string().min(1).max(100), z.number().min(0).max(1))
          .refine((grades) => Object.keys(grades).length >= 2, { error: "at least two grades" }),
      }),
    ])
    .default("pass")
    .meta({
      description: "In which words it says so: pass or fail, points, or grades with what each is worth.",
      examples: ["pass", { points: [1, 5] }, { grades: { right: 1, partly: 0.5, wrong: 0 } }],
    }),
  pass_at: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({
      description:
        "The least score, from 0 to 1, with which an answer passes; of pass or fail more than half the votes.",
      examples: [0.75],
    }),
});

/** A judge of two answers, whichever they are. */
export const comparingConfig = z.strictObject({ kind: z.literal("pairwise"), ...asked });

/** `pairwise`: whether a model finds the answer better than another one. */
export const pairwiseConfig = comparingConfig.extend({
  against: z
    .string()
    .min(1)
    .meta({
      description: "The field of the item with the answer that it is compared with.",
      examples: ["baseline_answer"],
    }),
  swap: z
    .boolean()
    .default(true)
    .meta({
      description: "Whether the judge is asked in both orders: judges prefer a place.",
      examples: [true],
    }),
});

/** A judge that rates. */
export type RubricConfig = z.output<typeof rubricConfig>;
/** A judge that compares two answers. */
export type ComparingConfig = z.output<typeof comparingConfig>;
/** A judge that compares an answer with another one of its item. */
export type PairwiseConfig = z.output<typeof pairwiseConfig>;

/** The scale of a rubric. */
export function scaleOf({ scale }: Pick<RubricConfig, "scale">): JudgeScale {
  if (scale === "pass") return { kind: "pass" };
  if ("grades" in scale) return { kind: "grades", worth: new Map(Object.entries(scale.grades)) };
  const [least, most] = scale.points;
  return { kind: "points", least, most };
}
