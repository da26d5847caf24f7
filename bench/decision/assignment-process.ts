import { assign } from "#core/routing/assignment.ts";
import { exampleExperiment } from "#core/routing/example.fixture.ts";
import type { RunningExperiment } from "#core/routing/experiment.ts";
import { quantile } from "../measure/quantile.ts";

// A process of its own: measures what an assignment takes, and prints it as JSON. Its argument is how many units are assigned.

const [, , unitCount = "20000"] = process.argv;
/** As long as a user's id or a conversation's mostly is. */
const units = Array.from(
  { length: Number(unitCount) },
  (_, index) => `3f2b8c4e-91d7-4a60-b5c8-${String(index).padStart(12, "0")}`,
);
/** Everything that an experiment can ask of a unit: holdout, layer, coverage. Nobody is left out, so that all is asked. */
const asksAll = { holdout: 1e-9, layer: { name: "all", from: 0, to: 1 }, coverage: 1 - 1e-9 };

process.stdout.write(
  JSON.stringify({
    plainUs: timed(exampleExperiment()),
    fullUs: timed(
      exampleExperiment({
        ...asksAll,
        variants: Array.from({ length: 6 }, (_, index) => ({ variant: `support-flash-${index}`, weight: 1 })),
      }),
    ),
  }),
);

/** p50 and p99 of single assignments, microseconds, once they are warm. */
function timed(experiment: RunningExperiment): { readonly p50: number; readonly p99: number } {
  for (const unit of units.slice(0, units.length / 4)) assign(experiment, unit);
  const tookUs = Float64Array.from(units, (unit) => {
    const startedMs = performance.now();
    const { kind } = assign(experiment, unit);
    const tookMs = performance.now() - startedMs;
    if (kind !== "assigned") throw new Error("Cannot measure an assignment: every unit is to be assigned");
    return tookMs * 1_000;
  });
  return { p50: quantile(tookUs, 0.5), p99: quantile(tookUs, 0.99) };
}
