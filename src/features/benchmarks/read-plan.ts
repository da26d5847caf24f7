import { AppError } from "#core/kernel/app-error.ts";
import { durationMs } from "#core/kernel/duration.ts";
import { schemaProblems } from "#core/kernel/schema-problem.ts";
import { allMetrics } from "#core/benchmarks/metrics/all-metrics.ts";
import type { SloBound } from "#core/benchmarks/slo.ts";
import { readYamlFileAs } from "#features/configuration/index.ts";
import { benchmarkSchema, type BenchmarkPlan } from "./benchmark-schema.ts";

/** A benchmark that can be run. */
export interface PlannedBenchmark extends Omit<BenchmarkPlan, "slo"> {
  readonly slo: readonly SloBound[];
}

/**
 * A benchmark from a file.
 * @throws AppError `invalid-configuration` with each problem at its line
 */
export async function benchmarkOfFile(path: string): Promise<PlannedBenchmark> {
  return readYamlFileAs(path, benchmarkSchema, (plan, problems) => {
    const { planned, complaints } = plannedOf(plan);
    for (const { path: at, wanted, actual } of complaints) problems.add(at, { wanted, actual });
    return planned;
  });
}

/**
 * A benchmark from flags, in the form of a file's.
 * @throws AppError `invalid-request` with the first problem
 */
export function benchmarkOfFlags(written: object): PlannedBenchmark {
  const parsed = benchmarkSchema.safeParse(written);
  const found = parsed.success ? plannedOf(parsed.data) : undefined;
  const [problem] = parsed.success ? (found?.complaints ?? []) : schemaProblems(parsed.error, written);
  if (found && !problem) return found.planned;
  const { path = [], wanted = "another value", actual = "none" } = problem ?? {};
  throw new AppError(
    "invalid-request",
    `Cannot plan a benchmark: ${path.join(".")}: ${wanted} is wanted, got ${actual}`,
  );
}

/** What is wrong beyond the schema. */
interface Complaint {
  readonly path: readonly string[];
  readonly wanted: string;
  readonly actual: string;
}

function plannedOf(plan: BenchmarkPlan): {
  readonly planned: PlannedBenchmark;
  readonly complaints: readonly Complaint[];
} {
  const complaints: Complaint[] = [];
  const slo = Object.entries(plan.slo).flatMap(([name, limit]) => {
    const bound = sloBound(name, limit);
    if (typeof bound !== "string") return [bound];
    complaints.push({ path: ["slo", name], wanted: bound, actual: JSON.stringify(limit) });
    return [];
  });
  const { profile, repeats, warmup = 0 } = plan;
  if (profile.kind === "sweep" && repeats > 1) {
    complaints.push({ path: ["repeats"], wanted: "1 where the profile is a sweep", actual: String(repeats) });
  }
  const { duration = Number.POSITIVE_INFINITY } = profile;
  if (warmup >= duration) {
    complaints.push({ path: ["warmup"], wanted: "a shorter one than the duration", actual: `${warmup} ms` });
  }
  if (profile.kind === "closed" && profile.users > plan.outstanding) {
    const actual = `${plan.outstanding} for ${profile.users} users`;
    complaints.push({ path: ["outstanding"], wanted: "as many as there are users", actual });
  }
  return { planned: { ...plan, slo }, complaints };
}

/** A bound, or what is wanted in its place. */
function sloBound(name: string, limit: string | number): SloBound | string {
  const metric = allMetrics.find(({ id }) => id === name || id === `${name}_ms`);
  if (!metric) return "a metric such as ttft, tpot, e2e or user_tokens_per_s";
  if (metric.better === undefined) return "a metric of which more or less is better";
  if (metric.unit !== "ms") {
    const least = Number(limit);
    return Number.isFinite(least) && least > 0 ? { metric, limit: least } : "a number above 0";
  }
  const most = typeof limit === "number" ? limit : durationMs(limit);
  return most !== undefined && most > 0 ? { metric, limit: most } : "a duration such as 300ms";
}
