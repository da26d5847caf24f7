import { z } from "zod";
import { period } from "#core/kernel/period.ts";
import { present } from "#core/kernel/present.ts";
import { share } from "#core/kernel/share.ts";
import { eventAggregations, type EventMetric } from "./event-metric.ts";
import { eventNameLengthMax, eventNamePattern, eventSources } from "./event-source.ts";

const labelsMax = 20;
const labelLengthMax = 100;
/** Largest cap: that of a feedback's value. */
const capMax = 1e9;

/** The name of a metric, as a plan names it. */
export const metricName = z
  .string({ error: "the name of a metric" })
  .min(1, { error: "the name of a metric" })
  .max(100, { error: "a name of at most 100 characters" });

const eventWanted = "the name of feedback: a letter, then letters, digits and any of _ . : -";

/** The name of feedback. */
export const eventName = z
  .string({ error: eventWanted })
  .regex(eventNamePattern, { error: eventWanted })
  .max(eventNameLengthMax, { error: `a name of at most ${eventNameLengthMax} characters` });

const label = z.string().min(1).max(labelLengthMax);
const source = z.enum(eventSources);

const fields = z.strictObject({
  of: metricName
    .meta({
      description: "The column or metric whose values it takes; its own name where nothing is written.",
      examples: ["latency"],
    })
    .optional(),
  event: eventName
    .meta({
      description:
        "The name of the feedback that it is made of: what is said about units by `POST /v1/feedback`.",
      examples: ["purchase"],
    })
    .optional(),
  aggregation: z
    .enum(eventAggregations)
    .meta({
      description:
        "Of an event: the `mean` of its values (where nothing is written), their `sum` or `count` by unit, the `share` with a wanted label or a value above 0, the `ratio` to another event's (`per`), a `quantile`, `conversion`, the share of units with the event, or `rate`, the share of requests with it.",
      examples: ["conversion"],
    })
    .optional(),
  per: eventName
    .meta({
      description: "Of a ratio: the event by the sum of whose values it is divided.",
      examples: ["contact"],
    })
    .optional(),
  source: z
    .union([source, z.array(source).min(1)], {
      error: `one of ${eventSources.join(", ")}, or a list of them`,
    })
    .meta({ description: "Counts only what these said.", examples: ["human"] })
    .optional(),
  label: z
    .union([label, z.array(label).min(1).max(labelsMax)], {
      error: `a label, or a list of up to ${labelsMax}`,
    })
    .meta({
      description: "Counts only events with one of these labels; of a share, those that count as good.",
      examples: [["good", "fine"]],
    })
    .optional(),
  within: period({
    description:
      "Counts only what was observed in this time after a unit's first request, of units for which that time is over.",
    examples: ["7d"],
  }).optional(),
  cap: z
    .number()
    .positive({ error: "a number above 0" })
    .max(capMax)
    .meta({
      description:
        "The largest value that counts; larger ones count as it. Of sums and counts a unit's, of others single values.",
      examples: [500],
    })
    .optional(),
  better: z
    .enum(["higher", "lower"])
    .meta({
      description: "Which way is the better one; by its name where nothing is written.",
      examples: ["lower"],
    })
    .optional(),
  quantile: share
    .refine((value) => value > 0 && value < 1, { error: "a share above 0% and below 100%" })
    .meta({ description: "Compares this quantile of all values instead of their mean.", examples: ["95%"] })
    .optional(),
  winsorise: share
    .refine((value) => value > 0.5 && value < 1, { error: "a share above 50% and below 100%" })
    .meta({
      description:
        "The share of a file's values that is kept as it is; larger ones count as the largest of those.",
      examples: ["99.9%"],
    })
    .optional(),
});

type Fields = z.output<typeof fields>;

/** How a metric is made: of a column or a metric of the log (`of`), or of what is said about units (`event`). */
export const metricSchema = fields
  .refine((metric) => metric.quantile === undefined || metric.winsorise === undefined, {
    error: "a quantile or a winsorised mean, not both",
  })
  .superRefine((metric, context) => {
    for (const { path, message } of problemsOf(metric)) context.addIssue({ code: "custom", path, message });
  });

/** A metric as it is written, read. */
export type WrittenMetric = z.output<typeof metricSchema>;

interface Problem {
  readonly path: string[];
  readonly message: string;
}

const ofEvents = ["aggregation", "per", "source", "label", "within", "cap"] as const;

function problemsOf(metric: Fields): readonly Problem[] {
  if (metric.event === undefined) {
    return ofEvents
      .filter((key) => metric[key] !== undefined)
      .map((key) => ({ path: [key], message: "an `event` beside it: it is of what is said about units" }));
  }
  const { of, winsorise, per, quantile, cap, within } = metric;
  const aggregation = aggregationOf(metric);
  const problem = (key: keyof Fields, message: string): Problem => ({ path: [key], message });
  return [
    ...(of === undefined ? [] : [problem("of", "an `event` or a column (`of`), not both")]),
    ...(winsorise === undefined
      ? []
      : [problem("winsorise", "`cap`, a stated value: shares of values are of files")]),
    ...(aggregation === "ratio" && per === undefined
      ? [problem("aggregation", "a second event (`per`) beside a ratio")]
      : []),
    ...(aggregation !== "ratio" && per !== undefined
      ? [problem("per", "`aggregation: ratio` beside it")]
      : []),
    ...(aggregation === "quantile" && quantile === undefined
      ? [problem("aggregation", "which quantile (`quantile: 95%`) beside it")]
      : []),
    ...(aggregation !== "quantile" && quantile !== undefined
      ? [problem("quantile", "`aggregation: quantile` beside it")]
      : []),
    ...(cap !== undefined && ["share", "conversion", "quantile", "rate"].includes(aggregation)
      ? [problem("cap", "a mean, a sum, a count or a ratio: nothing of others is large")]
      : []),
    ...(within !== undefined && aggregation === "rate"
      ? [problem("within", "another aggregation: requests that come later have no such time")]
      : []),
  ];
}

function aggregationOf({ aggregation = "mean" }: Fields): NonNullable<Fields["aggregation"]> {
  return aggregation;
}

/** What a written metric takes of events; undefined where it is of a column. */
export function eventMetricOf(metric: WrittenMetric): EventMetric | undefined {
  const { event, per, source: sources, label: labels, within: withinMs, cap } = metric;
  if (event === undefined) return undefined;
  return {
    event,
    aggregation: aggregationOf(metric),
    ...present({
      per,
      sources: sources === undefined ? undefined : [sources].flat(),
      labels: labels === undefined ? undefined : [labels].flat(),
      withinMs,
      cap,
    }),
  };
}
