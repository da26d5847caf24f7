import { builtInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import type { WrittenMetric } from "#core/experiments/plan/metric-schema.ts";
import { tradedMetrics } from "#core/experiments/plan/resolve-trade-offs.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ExperimentSettings } from "./schema/experiment.ts";

/** A metric that is defined once, for all experiments. */
export interface SharedMetric {
  readonly settings: WrittenMetric;
  readonly written: JsonObject;
}

/** By name. */
export type SharedMetrics = ReadonlyMap<string, SharedMetric>;

/** Where there are none. */
export const noSharedMetrics: SharedMetrics = new Map();

/** A metric for all experiments; it has a name of its own. */
export function resolveSharedMetric(
  name: string,
  metric: SharedMetric,
  problems: ProblemList,
): SharedMetric | undefined {
  if (!builtInMetric(name)) return metric;
  problems.add(["metrics", name], {
    wanted: "a name that is no built-in metric",
    actual: JSON.stringify(name),
    atKey: true,
  });
  return undefined;
}

/**
 * A design with the shared metrics that it names, as if they were written in it: so they are held with it, and a change of them
 * is a change of the design. What the design defines itself stays.
 */
export function withSharedMetrics(
  settings: ExperimentSettings,
  written: JsonObject,
  shared: SharedMetrics,
): { readonly settings: ExperimentSettings; readonly written: JsonObject } {
  const named = new Set(namesIn(settings));
  const used = [...shared].filter(([name]) => named.has(name) && !(name in (settings.metrics ?? {})));
  if (used.length === 0) return { settings, written };
  const own = written["metrics"];
  return {
    settings: {
      ...settings,
      metrics: {
        ...Object.fromEntries(used.map(([name, one]) => [name, one.settings])),
        ...settings.metrics,
      },
    },
    written: {
      ...written,
      metrics: {
        ...Object.fromEntries(used.map(([name, one]) => [name, one.written])),
        ...(isJsonObject(own) ? own : {}),
      },
    },
  };
}

function namesIn(settings: ExperimentSettings): readonly string[] {
  const { primary = {}, secondary = [], guardrails = {} } = settings;
  const traded = tradedMetrics(settings).map(({ name }) => name);
  return [...Object.keys(primary), ...secondary, ...Object.keys(guardrails), ...traded];
}
