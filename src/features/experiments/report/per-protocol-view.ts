import { perProtocolCaution, type PerProtocol } from "#core/experiments/comparisons/per-protocol.ts";
import { readingsView } from "./reading-view.ts";

/** Units that no fallback answered as JSON, beside those of all units as assigned. */
export function perProtocolView({ units, metrics }: PerProtocol) {
  return {
    caution: perProtocolCaution,
    variants: [...units].map(([variant, count]) => ({ variant, units: count })),
    metrics: metrics.map(({ plan, arms, comparisons }) => ({
      name: plan.name,
      variants: [...arms.arms.values()].map(({ variant, sample, refusal }) => ({
        variant,
        value: sample.count > 0 && !refusal ? sample.mean : null,
      })),
      comparisons: comparisons.map(({ variant, deciding }) => ({
        variant,
        deciding: readingsView(deciding),
      })),
    })),
  };
}
