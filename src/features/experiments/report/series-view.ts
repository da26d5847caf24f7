import type { MetricSeries } from "#core/experiments/comparisons/series.ts";
import { isoTime } from "../iso-time.ts";
import { readingView } from "./reading-view.ts";

/** A running difference as JSON. */
export function seriesView({ metric, variant, points }: MetricSeries) {
  return {
    metric: metric.name,
    variant,
    points: points.map(({ timeMs, units, reading }) => ({
      time: isoTime(timeMs),
      units,
      ...readingView(reading),
    })),
  };
}
