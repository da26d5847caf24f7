import { z } from "zod";
import { about, bounds, judgement, number, reading, readings, text, value } from "./reading-schema.ts";

const instant = z.iso
  .datetime({ offset: true })
  .meta({ description: "When the last of these units came.", examples: ["2026-11-25T12:00:00.000Z"] });

const armInSegment = (description: string) =>
  z.object({ units: number("Independent units with a value.", 812), value }).meta({ description });

/** One segment as `segmentsView` tells it. */
export const segment = z
  .object({
    segment: text("The segment.", "tags.tier = free"),
    ...about,
    judgement,
    value: armInSegment("What the variant has there."),
    control: armInSegment("What the control has there."),
    change: readings("As the design allows it to be judged now; refused where it has too few units."),
    adjusted_p_value: number(
      "Corrected for all comparisons by segment (Benjamini-Hochberg).",
      0.2,
    ).optional(),
  })
  .meta({
    id: "ExperimentSegment",
    description: "A primary metric in one segment: shown, and never deciding.",
  });

const by = {
  by: text("What the segments are of, where units are parted in several ways.", "tags.tier").optional(),
};

/** Whether segments differ, as `segmentsView` tells it. */
export const segmentDifference = z
  .union([
    z.object({
      ...about,
      ...by,
      common_difference: number("Of all segments, each by its certainty.", 0.04),
      standard_error: number("Its standard error.", 0.007),
      interval: bounds,
      q: number("Cochran's Q.", 3.1),
      degrees_of_freedom: number("Segments with enough units, less one.", 2),
      p_value: number("Of one effect in all segments.", 0.21),
      adjusted_p_value: number("Corrected for all primary comparisons (Holm).", 0.21).optional(),
      inconsistency: number("The share of the spread that is no chance (I^2).", 0.35),
      between_variance: number("The variance of the effect between segments (tau^2).", 0.0001),
    }),
    z.object({
      ...about,
      ...by,
      refused: text("Why it cannot be told, as a code.", "too-few"),
      reason: text("Why it cannot be told.", "2 groups are needed, there is 1"),
    }),
  ])
  .meta({
    id: "ExperimentSegmentDifference",
    description: "Whether the effect is the same in all segments.",
  });

const moment = { time: instant, units: number("Of both variants, that had come by then.", 4_000) };

/** A running difference as `seriesView` tells it. */
export const series = z
  .object({
    ...about,
    points: z
      .array(z.union(reading.options.map((one) => one.extend(moment))))
      .meta({ description: "At most 50 moments, the earliest first." }),
  })
  .meta({
    id: "ExperimentSeries",
    description:
      "The running difference of a primary metric with its confidence sequence, by when units came.",
  });
