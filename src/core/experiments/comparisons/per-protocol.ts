import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { decidingReading, type DesignState } from "./comparison.ts";
import { bothScales, type JudgedReadings } from "./judgement.ts";
import type { MetricArms } from "./metric-arm.ts";
import { pairOf } from "./pair.ts";

/** The units that their assigned variant always answered, and primary metrics of them. */
export interface PerProtocolData {
  /** By variant. */
  readonly units: ReadonlyMap<string, number>;
  readonly metrics: ReadonlyMap<string, MetricArms>;
}

/** Primary metrics of such units, beside those of all units as assigned. Shown, and never what decides. */
export interface PerProtocol {
  readonly units: ReadonlyMap<string, number>;
  readonly metrics: readonly PerProtocolMetric[];
}

/** One metric of such units. */
export interface PerProtocolMetric {
  readonly plan: MetricPlan;
  readonly arms: MetricArms;
  readonly comparisons: readonly {
    readonly variant: string;
    /** As the design allows it to be read now, without correction. */
    readonly deciding: JudgedReadings;
  }[];
}

/** What always stands with it. */
export const perProtocolCaution =
  "Only units that no fallback ever answered. Where fallbacks depend on the request (its length, its hour, what it asks for), these are other units in one variant than in the other: what they differ by is biased, and decides nothing";

/** Reads them by the plan, as the primary metrics of all units are read. */
export function perProtocolOf(
  { control, shares, alpha, metrics }: Pick<AnalysisPlan, "control" | "shares" | "alpha" | "metrics">,
  state: DesignState,
  data: PerProtocolData,
): PerProtocol {
  const treatments = [...shares.keys()].filter((variant) => variant !== control);
  const primaries = metrics.filter(({ role }) => role === "primary");
  const read = primaries.flatMap((plan): readonly PerProtocolMetric[] => {
    const arms = data.metrics.get(plan.name);
    if (!arms) return [];
    const comparisons = treatments.map((variant) => {
      const pair = pairOf(arms, control, variant);
      return {
        variant,
        deciding: bothScales(pair, (given, scale) => decidingReading(state, given, { scale, alpha })),
      };
    });
    return [{ plan, arms, comparisons }];
  });
  return { units: data.units, metrics: read };
}
