import { z } from "zod";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { metricName } from "#core/experiments/plan/metric-schema.ts";
import { planShape } from "#core/experiments/plan/plan-schema.ts";
import type { AvailableMetrics, PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import { assumedPlan, resolvePlan, type PlanContext } from "#core/experiments/plan/resolve-plan.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import { share } from "#core/kernel/share.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { judgeCorrections, type JudgeCorrection } from "#core/experiments/plan/judge-correction.ts";
import type { ResultRows } from "./result-rows.ts";

/** A plan for a file of results: what an experiment of signalbox.yaml says of its analysis. */
const filePlanSchema = z.strictObject({
  control: z
    .string()
    .meta({
      description:
        "What the others are compared with: `control` where nothing is written, else the first variant.",
      examples: ["control"],
    })
    .optional(),
  variants: z
    .record(z.string(), share)
    .meta({
      description: "The share of units that each variant was to get; equal ones where nothing is written.",
      examples: [{ control: "50%", argon: "50%" }],
    })
    .optional(),
  strata: z
    .enum(["stratum", "segment", "none"])
    .meta({
      description:
        "The column with groups of units that were alike before: means are compared inside them. `stratum` where the file has that column and nothing is written.",
      examples: ["segment"],
    })
    .optional(),
  judges: z
    .record(metricName, z.enum(judgeCorrections))
    .meta({
      description:
        "How a judge's values are corrected where `<metric>_human` says what humans said: `prediction_powered` (where nothing is written; labels drawn at random), `rogan_gladen` (of a judge that passes or fails, by its errors; labels may be drawn by what humans said) or `none`.",
      examples: [{ quality: "rogan_gladen" }],
    })
    .optional(),
  ...planShape,
});

type FilePlan = z.infer<typeof filePlanSchema>;

/** By which rules a file is analysed. */
export interface PlannedFile {
  readonly plan: AnalysisPlan;
  /** The column of strata; absent where means are compared as they stand. */
  readonly strata?: "stratum" | "segment";
  /** How judges are corrected, by metric, where it is not by prediction-powered inference. */
  readonly judges?: Readonly<Record<string, JudgeCorrection>>;
}

/**
 * The plan of a file, or the one that is assumed where there is none.
 * @throws AppError `invalid-configuration` with every problem of the plan at its line, `invalid-request` for results that have
 * nothing to compare
 */
export async function filePlan(path: string | undefined, rows: ResultRows): Promise<PlannedFile> {
  const available = availableMetrics(rows);
  if (available.names.length === 0) {
    throw new AppError(
      "invalid-request",
      "Cannot analyse the results: wanted a metric with numbers, got none",
    );
  }
  if (path !== undefined) {
    return readYamlFileAs(path, filePlanSchema, (written, problems) => {
      const context = { ...variantsOf(written, rows), available };
      const plan = resolvePlan(
        written.primary || written.guardrails ? written : { ...written, ...assumedPlan(available) },
        context,
      );
      for (const { path: at, ...complaint } of [
        ...variantComplaints(written, rows, context.shares),
        ...strataComplaints(written, rows),
        ...judgeComplaints(written, rows),
        ...(plan.ok ? [] : plan.error),
      ])
        problems.add(at, complaint);
      return plan.ok
        ? { plan: plan.value, ...strataOf(written, rows), ...present({ judges: written.judges }) }
        : undefined;
    });
  }
  const plan = resolvePlan(assumedPlan(available), { ...variantsOf({}, rows), available });
  if (plan.ok) {
    const assumed = [
      "no plan: the first metric decides, results may be looked at at any time",
      ...plan.value.assumed,
    ];
    return { plan: { ...plan.value, assumed }, ...strataOf({}, rows) };
  }
  throw new AppError("internal", "Cannot analyse the results: the assumed plan does not fit them");
}

/** Metrics whose columns have numbers. */
function availableMetrics({ columns, values }: ResultRows): AvailableMetrics {
  const hasNumbers = (index: number): boolean =>
    (values.get(index) ?? []).some((value) => !Number.isNaN(value));
  const kinds = new Map(
    [...columns.metrics].flatMap(([name, metric]) => {
      const needed = metric.kind === "mean" ? [metric.value] : [metric.numerator, metric.denominator];
      return needed.every(hasNumbers) ? [[name, metric.kind]] : [];
    }),
  );
  return {
    names: [...kinds.keys()],
    kindOf: (name) => kinds.get(name),
    hasQuantiles: (name) => kinds.get(name) === "mean",
    winsorises: true,
  };
}

function variantsOf(
  { control, variants }: FilePlan,
  rows: ResultRows,
): Pick<PlanContext, "control" | "shares"> {
  const names = variants ? Object.keys(variants) : rows.variants;
  return {
    control: control ?? names.find((name) => name === "control") ?? names[0] ?? "control",
    shares: new Map(names.map((name) => [name, variants?.[name] ?? 1 / names.length])),
  };
}

function strataOf({ strata }: FilePlan, rows: ResultRows): Pick<PlannedFile, "strata"> {
  const column = strata ?? (rows.stratum ? "stratum" : "none");
  return column === "none" ? {} : { strata: column };
}

function strataComplaints({ strata }: FilePlan, rows: ResultRows): readonly PlanComplaint[] {
  if (strata === undefined || strata === "none" || rows[strata]) return [];
  return [{ path: ["strata"], wanted: `a column "${strata}" in the file`, actual: "none" }];
}

function judgeComplaints({ judges = {} }: FilePlan, { columns }: ResultRows): readonly PlanComplaint[] {
  return Object.keys(judges).flatMap((name) => {
    const metric = columns.metrics.get(name);
    if (metric?.kind === "mean" && metric.human !== undefined) return [];
    const wanted = `a column beside it with what humans said, "${name}_human"`;
    return [{ path: ["judges", name], wanted, actual: "none" }];
  });
}

/** Shares are written in percent with digits after the point: what is missing to 100 % below this is rounding. */
const shareTolerance = 1e-3;

function variantComplaints(
  { control, variants }: FilePlan,
  rows: ResultRows,
  shares: ReadonlyMap<string, number>,
): readonly PlanComplaint[] {
  const complaints: PlanComplaint[] = [];
  if (control !== undefined && !shares.has(control)) {
    const wanted = `one of the variants ${[...shares.keys()].join(", ")}`;
    complaints.push({ path: ["control"], wanted, actual: JSON.stringify(control) });
  }
  if (!variants) return complaints;
  const sum = Object.values(variants).reduce((total, part) => total + part, 0);
  if (Math.abs(sum - 1) > shareTolerance) {
    complaints.push({
      path: ["variants"],
      wanted: "shares that sum to 100%",
      actual: `${Number((100 * sum).toFixed(4))}%`,
    });
  }
  for (const [name, part] of Object.entries(variants)) {
    if (part > 0) continue;
    complaints.push({ path: ["variants", name], wanted: "a share above 0%", actual: "0%" });
  }
  const unplanned = rows.variants.filter((name) => !(name in variants));
  if (unplanned.length > 0) {
    complaints.push({
      path: ["variants"],
      wanted: "every variant of the results",
      actual: `results of ${unplanned.map((name) => JSON.stringify(name)).join(", ")} besides`,
    });
  }
  return complaints;
}
