import { failed, ok, type Result } from "#core/kernel/result.ts";
import { present } from "#core/kernel/present.ts";
import type { RunningExperiment } from "#core/routing/experiment.ts";
import type { RunningShadow } from "#core/routing/shadow.ts";
import {
  keptDesign,
  type Configuration,
  type ExperimentDesign,
  type ShadowTerms,
} from "#features/configuration/index.ts";
import type { ExperimentStatus } from "./experiment-status.ts";
import { treatmentChange } from "./treatment.ts";

/** What of a configuration experiments run on. */
type RunsOn = Pick<Configuration, "routes" | "variants" | "holdout">;

const none: readonly RunningExperiment[] = [];

/**
 * The experiments that take requests, by their route, in the order of their names: what the gateway assigns by. Made once
 * for a configuration and a state of the status.
 */
export function runningExperiments(
  configuration: RunsOn,
  statuses: ReadonlyMap<string, ExperimentStatus>,
): (route: string) => readonly RunningExperiment[] {
  const byRoute = new Map<string, RunningExperiment[]>();
  for (const status of [...statuses.values()].toSorted(byName)) {
    if (status.state !== "running") continue;
    const running = runningExperiment(configuration, status);
    if (!running.ok) continue;
    const { route, experiment, shadow } = running.value;
    if (shadow) continue;
    byRoute.set(route, [...(byRoute.get(route) ?? []), experiment]);
  }
  return (route) => byRoute.get(route) ?? none;
}

/**
 * The experiments that compare off-line now, by their route, in the order of their names: what the gateway samples by.
 * @returns undefined where there are none, so that the gateway need not ask
 */
export function runningShadows(
  configuration: RunsOn,
  statuses: ReadonlyMap<string, ExperimentStatus>,
): ((route: string) => readonly RunningShadow[] | undefined) | undefined {
  const byRoute = new Map<string, RunningShadow[]>();
  for (const status of [...statuses.values()].toSorted(byName)) {
    if (status.state !== "running") continue;
    const running = runningExperiment(configuration, status);
    if (!running.ok || !running.value.shadow) continue;
    const { route, experiment, shadow } = running.value;
    byRoute.set(route, [...(byRoute.get(route) ?? []), runningShadow(experiment, shadow)]);
  }
  return byRoute.size > 0 ? (route) => byRoute.get(route) : undefined;
}

function runningShadow(experiment: RunningExperiment, { sample, judge }: ShadowTerms): RunningShadow {
  const [control, ...treatments] = experiment.variants;
  return {
    sampling: { ...experiment, coverage: sample, variants: treatments },
    control: control?.variant ?? "",
    isJudged: judge !== undefined,
  };
}

/** Every process has them in one order, whatever the store gives. */
function byName(one: ExperimentStatus, other: ExperimentStatus): number {
  return one.experiment < other.experiment ? -1 : 1;
}

/** A design that takes requests of a route. */
interface RunningDesign {
  readonly route: string;
  readonly experiment: RunningExperiment;
  /** Set where it compares off-line. */
  readonly shadow?: ShadowTerms;
}

/** A running experiment as the gateway needs it, or why it takes no requests on a configuration. */
export function runningExperiment(
  configuration: RunsOn,
  { experiment: name, phase }: Pick<ExperimentStatus, "experiment" | "phase">,
): Result<RunningDesign, string> {
  const kept = keptDesign(name, phase.design);
  if (!kept.ok) return failed(`this Signalbox cannot read its design: ${kept.error}`);
  const design = kept.value;
  const { missing, changed } = treatmentChange(configuration, phase.hashes);
  if (missing.length > 0) return failed(`the configuration has no variant ${missing.join(", ")} any more`);
  if (changed.length > 0)
    return failed(
      `${changed.join(", ")} is not what phase ${phase.number} compares; the next phase is about to begin`,
    );
  const problem = routeProblem(configuration, design);
  if (problem !== undefined) return failed(problem);
  const { route, unit, coverage, variants, incumbent, audience, layer } = design;
  const optional = present({ incumbent, audience: audience?.condition, layer, segments: notedTags(design) });
  const experiment = { name, phase: phase.number, salt: phase.salt, unit, coverage, variants, ...optional };
  const running = { ...experiment, holdout: configuration.holdout };
  return ok({ route, experiment: running, ...present({ shadow: design.shadow }) });
}

/** The tags that are noted of units: of segments and of strata, each once; undefined where there are none. */
function notedTags({
  segments = [],
  strata,
}: Pick<ExperimentDesign, "segments" | "strata">): readonly string[] | undefined {
  const tags = new Set(strata === undefined ? segments : [...segments, strata]);
  return tags.size === 0 ? undefined : [...tags];
}

function routeProblem(
  { routes }: RunsOn,
  { route: name, variants, shadow, ...design }: ExperimentDesign,
): string | undefined {
  const incumbent = shadow ? variants[0]?.variant : design.incumbent;
  const route = routes.get(name);
  if (!route) return `the configuration has no route ${name} any more`;
  if (route.capture === "off") return `route ${name} has \`capture: off\`: units would not be counted`;
  if (incumbent === undefined || route.strategy.variants.includes(incumbent)) return undefined;
  return `the strategy of route ${name} does not choose from ${incumbent} any more`;
}
