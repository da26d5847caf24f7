import { z } from "zod";

/** A text in an answer. */
export const text = (description: string, example: string) =>
  z.string().meta({ description, examples: [example] });

/** A number in an answer. */
export const number = (description: string, example: number) =>
  z.number().meta({ description, examples: [example] });

/** An interval. */
export const bounds = z.tuple([z.number().nullable(), z.number().nullable()]).meta({
  description: "Lower and upper bound; null where there is none.",
  examples: [[0.013, 0.067]],
});

/** A difference, or why there is none. */
export const reading = z
  .union([
    z.object({
      difference: number("Treatment - control.", 0.04),
      standard_error: number("Its standard error.", 0.007),
      interval: bounds,
      p_value: number("Two-sided, of no difference.", 0.001),
    }),
    z.object({
      refused: text("Why there is none, as a code.", "no-variance"),
      reason: text("Why there is none.", "Nothing varies in the control"),
    }),
  ])
  .meta({ id: "ExperimentReading", description: "A difference with its interval, or why there is none." });

/** A difference on both scales. */
export const readings = (description: string) =>
  z
    .object({
      absolute: reading,
      relative: reading,
    })
    .meta({ description });

/** What a comparison comes to. */
export const judgement = z.enum(["better", "worse", "negligible", "held", "broken", "open", "unknown"]).meta({
  description:
    "`better`, `worse`: no chance. `negligible`: smaller than what matters. `held`, `broken`: a guardrail against its margin. `open`: not told yet. `unknown`: cannot be told.",
  examples: ["better"],
});

/** The value of a metric. */
export const value = z
  .number()
  .nullable()
  .meta({ description: "The metric's value; null where there is none.", examples: [0.64] });

/** Which comparison of a primary metric something is about. */
export const about = {
  metric: text("A primary metric.", "resolved"),
  variant: text("A variant beside the control.", "support-argon"),
};
