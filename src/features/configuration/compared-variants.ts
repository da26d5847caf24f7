import type { PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ExperimentVariant } from "#core/routing/experiment.ts";
import { twinName } from "#core/routing/twin.ts";
import type { ExperimentSettings } from "./schema/experiment.ts";

/** How many variants one experiment compares. */
const variantsMin = 2;
const variantsMax = 10;

/** What an experiment compares, the control first; or what is wrong with it. Of mode `aa` one variant and its twin. */
export function comparedVariants({
  mode,
  variants,
  control,
}: Pick<ExperimentSettings, "mode" | "variants" | "control">): Result<
  readonly ExperimentVariant[],
  readonly PlanComplaint[]
> {
  const shares = Object.entries(variants).map(([variant, weight]) => ({ variant, weight }));
  const [first] = shares;
  if (mode === "aa") {
    if (!first || shares.length > 1)
      return failed([
        {
          path: ["variants"],
          wanted: "the one variant that both are, such as [support-flash]",
          actual: String(shares.length),
        },
      ]);
    const { variant } = first;
    return ok([
      { variant, weight: 0.5 },
      { variant: twinName(variant), weight: 0.5 },
    ]);
  }
  if (shares.length < variantsMin || shares.length > variantsMax)
    return failed([
      {
        path: ["variants"],
        wanted: `${variantsMin} to ${variantsMax} variants`,
        actual: String(shares.length),
      },
    ]);
  const isControl = ({ variant }: ExperimentVariant) => variant === control;
  return ok([...shares.filter(isControl), ...shares.filter((one) => !isControl(one))]);
}
