import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ExperimentLayer, ExperimentUnit, ExperimentVariant } from "#core/routing/experiment.ts";
import type { Condition } from "#core/routing/expressions/condition.ts";
import { comparedVariants } from "./compared-variants.ts";
import { judgedPlan, type JudgePlan } from "./experiment-judges.ts";
import { experimentPlan } from "./experiment-metrics.ts";
import { shadowTerms, type ShadowTerms } from "./shadow-terms.ts";
import { experimentSchema, type ExperimentSettings } from "./schema/experiment.ts";
import { noSharedMetrics, withSharedMetrics, type SharedMetrics } from "./shared-metrics.ts";
import { issueProblems, wantedOf } from "./zod-problems.ts";

/** An experiment as people designed it. What became of it is its status, which is kept apart. */
export interface ExperimentDesign {
  readonly name: string;
  readonly route: string;
  /** The variant of the route whose requests are shared out; absent where all of the route's are. */
  readonly incumbent?: string;
  readonly hypothesis?: string;
  readonly owner?: string;
  readonly unit: ExperimentUnit;
  /** Which requests take part, as written and compiled; absent is all. */
  readonly audience?: { readonly when: JsonObject; readonly condition: Condition };
  /** The share of units that takes part, in (0, 1]. */
  readonly coverage: number;
  readonly layer?: ExperimentLayer;
  /** Two or more; the first is the control. */
  readonly variants: readonly ExperimentVariant[];
  /** Set where both variants are one and the same, under two names. */
  readonly isTwins?: true;
  /** Set where nothing is shared out, and the treatments answer off-line what the control has answered. */
  readonly shadow?: ShadowTerms;
  /** What it is to decide, and by which rules. */
  readonly plan: AnalysisPlan;
  /** Set where the next phase begins when another version of a variant's model answers for good. */
  readonly followsVersions?: true;
  /** Tags by whose values units are also compared, without `tags.` before them; absent is by none. */
  readonly segments?: readonly string[];
  /** The tag by whose values units are strata, without `tags.` before it; absent where metrics are compared as they stand. */
  readonly strata?: string;
  /** How metrics of judges are corrected by what humans said, by the metric's name; absent where none is. */
  readonly judges?: ReadonlyMap<string, JudgePlan>;
  /** When it starts by itself, ms since 1970. */
  readonly startsAtMs?: number;
  /** When it stops by itself, ms since 1970. */
  readonly endsAtMs?: number;
  /** As it is written, to be held while it runs and to be shown. */
  readonly written: JsonObject;
}

/**
 * A design from what is written of it, or what is wrong with its metrics. Says nothing of whether what it names is there.
 * @param shared metrics that are defined beside it; those that it names become a part of it
 */
export function designOf(
  name: string,
  asWritten: { readonly settings: ExperimentSettings; readonly written: JsonObject },
  shared: SharedMetrics = noSharedMetrics,
): Result<ExperimentDesign, readonly PlanComplaint[]> {
  const { settings, written } = withSharedMetrics(asWritten.settings, asWritten.written, shared);
  const { unit, coverage, start, end, route, mode, ...optional } = settings;
  const { incumbent, hypothesis, owner, audience, layer, segments, strata, judges } = optional;
  const variants = comparedVariants(settings);
  if (!variants.ok) return variants;
  const shadow = shadowTerms(settings);
  if (!shadow.ok) return shadow;
  const plan = experimentPlan(variants.value, settings, { shared, shadow: shadow.value });
  if (!plan.ok) return plan;
  const judged = judgedPlan(plan.value, judges ?? {});
  if (!judged.ok) return judged;
  return ok({
    name,
    route,
    unit,
    coverage,
    variants: variants.value,
    plan: judged.value.plan,
    written,
    ...(mode === "aa" && { isTwins: true as const }),
    ...(settings.on_version_change === "new_phase" && { followsVersions: true as const }),
    ...present({
      shadow: shadow.value,
      incumbent,
      hypothesis,
      owner,
      audience,
      layer,
      segments: segments?.map(tagOf),
      strata: strata === undefined ? undefined : tagOf(strata),
      judges: judges && judged.value.judges,
      startsAtMs: start,
      endsAtMs: end,
    }),
  });
}

/** The name of a tag, of its path `tags.<name>`. */
function tagOf(path: string): string {
  return path.slice("tags.".length);
}

/**
 * The design that was kept when an experiment began, read again.
 * @returns why it cannot be read, where this Signalbox knows less or other things than the one that kept it
 */
export function keptDesign(name: string, written: JsonObject): Result<ExperimentDesign, string> {
  const parsed = experimentSchema.safeParse(written, { error: wantedOf });
  const design = parsed.success ? designOf(name, { settings: parsed.data, written }) : undefined;
  if (design?.ok) return design;
  const [first] = design ? design.error : (parsed.error?.issues.flatMap(issueProblems) ?? []);
  return failed(`${first?.path.join(".") ?? "it"}: ${first?.wanted ?? "a valid value"} is wanted`);
}
