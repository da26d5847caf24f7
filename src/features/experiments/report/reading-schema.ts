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
