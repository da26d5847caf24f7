import { anyEvent, type EventMetric } from "#core/experiments/plan/event-metric.ts";
import { windowText } from "#core/experiments/plan/event-metric-text.ts";
import type { MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import { present } from "#core/kernel/present.ts";
import type { FeedbackSum, VariantMoments } from "#features/traffic/index.ts";
import { armOf } from "./metric-moments.ts";

/** What a metric of events is made of: the mean over units of one number, or the sum of one over that of another. */
export interface EventForm {
  readonly numerator: FeedbackSum;
  /** Something that was said, or something that units did. */
  readonly denominator?: FeedbackSum | UnitMeasure;
  /** How many values it has, and how many it needs: as many as units, or so many. */
  readonly values: FeedbackSum;
  readonly valuesMin: "units" | number;
  /** What its share is of, where it is one. */
  readonly shareOf?: "units" | "events";
}

/** Values below which the mean per unit of something rare is not told: as for rates, a normal test would be too sure. */
const valuesFew = 10;

/** Which numbers of units a metric needs. Thousands of units say nothing of a mean of three ratings. */
export function eventForm({ event, aggregation, per, cap, sources, labels }: EventMetric): EventForm {
  const said = { ...(event !== anyEvent && { name: event }), ...present({ sources }) };
  const narrowed = { ...said, ...present({ labels }) };
  const singles = { ...narrowed, ...present({ valueMax: cap }) };
  const ofUnits = { ...narrowed, ...present({ unitMax: cap }) };
  switch (aggregation) {
    case "mean":
    // A quantile is read otherwise; as a mean it tells how many values there are.
    case "quantile": {
      const valued = { ...narrowed, of: "valued" } as const;
      return {
        numerator: { ...singles, of: "values" },
        denominator: valued,
        values: valued,
        valuesMin: "units",
      };
    }
    case "sum":
      return {
        numerator: { ...ofUnits, of: "values" },
        values: { ...narrowed, of: "valued" },
        valuesMin: valuesFew,
      };
    case "count":
      return {
        numerator: { ...ofUnits, of: "all" },
        values: { ...narrowed, of: "all" },
        valuesMin: valuesFew,
      };
    case "share": {
      const trials = { ...said, of: labels ? "labelled" : "valued" } as const;
      const numerator = { ...narrowed, of: labels ? "all" : "positive" } as const;
      return { numerator, denominator: trials, values: trials, valuesMin: "units", shareOf: "events" };
    }
    case "ratio": {
      const divisor = { name: per ?? event } as const;
      return {
        numerator: { ...singles, of: "values" },
        denominator: { ...divisor, of: "values" },
        values: { ...divisor, of: "valued" },
        valuesMin: "units",
      };
    }
    case "conversion": {
      const converted = { ...narrowed, of: "affirmed", unitMax: 1 } as const;
      return { numerator: converted, values: converted, valuesMin: 0, shareOf: "units" };
    }
    case "rate": {
      const rated = { ...narrowed, of: "requests" } as const;
      return { numerator: rated, denominator: "requests", values: rated, valuesMin: 0, shareOf: "events" };
    }
  }
}

/** The numbers of what was said that forms need, each once. */
export function sumsOf(forms: readonly EventForm[]): readonly FeedbackSum[] {
  const all = forms.flatMap(({ numerator, denominator, values }) =>
    typeof denominator === "object" ? [numerator, denominator, values] : [numerator, values],
  );
  return [...new Map(all.map((sum) => [JSON.stringify(sum), sum])).values()];
}

/** What units did that forms need, each once. */
export function formMeasures(forms: readonly EventForm[]): readonly UnitMeasure[] {
  const all = forms.flatMap(({ denominator }) => (typeof denominator === "string" ? [denominator] : []));
  return [...new Set(all)];
}

/** What was asked for together: what units did comes first. */
interface AskedTogether {
  readonly measures: readonly UnitMeasure[];
  readonly sums: readonly FeedbackSum[];
}

/** Where a number stands among those that were asked for together; below 0 where it is none of them. */
export function placeOf({ measures, sums }: AskedTogether, wanted: FeedbackSum | UnitMeasure): number {
  if (typeof wanted === "string") return measures.indexOf(wanted);
  const text = JSON.stringify(wanted);
  const place = sums.findIndex((sum) => JSON.stringify(sum) === text);
  return place < 0 ? place : measures.length + place;
}

/** What was said of a variant's units, as an arm of a metric; refused with the reason where it is too little. */
export function eventArm(
  said: VariantMoments,
  { numerator, denominator, values, valuesMin, shareOf }: EventForm,
  {
    placeAt,
    unitsMin,
    withinMs,
  }: {
    readonly placeAt: (wanted: FeedbackSum | UnitMeasure) => number;
    readonly unitsMin: number;
    readonly withinMs?: number | undefined;
  },
): MetricArm {
  const top = placeAt(numerator);
  const bottom = denominator && placeAt(denominator);
  const sumAt = (place: number): number => Math.round((said.means[place] ?? 0) * said.units);
  const arm = {
    ...armOf(said, { numerator: top, denominator: bottom, scale: 1 }),
    ...(shareOf === "units" && { successes: sumAt(top) }),
    ...(shareOf === "events" &&
      bottom !== undefined && { events: { happened: sumAt(top), trials: sumAt(bottom) } }),
  };
  const { variant, units } = said;
  if (withinMs !== undefined && units < unitsMin) {
    const reason = `${variant} has ${units} units whose ${windowText(withinMs)} are over, ${unitsMin} are needed`;
    return { ...arm, refusal: { code: "too-few", reason } };
  }
  const [known, wanted] = [sumAt(placeAt(values)), valuesMin === "units" ? unitsMin : valuesMin];
  if (known >= wanted) return arm;
  const reason = `${variant} has ${known} values of feedback, ${wanted} are needed`;
  return { ...arm, refusal: { code: "too-few", reason } };
}
