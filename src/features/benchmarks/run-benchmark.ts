import { nextRate, type SweepPoint } from "#core/benchmarks/sweep.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import type { BenchmarkTarget } from "./benchmark-schema.ts";
import type { WatchedDeployment } from "./deployment/deployment-watch.ts";
import { loadDialects } from "./dialects/load-dialects.ts";
import type { LoadPrompts } from "./load/load-lane.ts";
import type { LoadTarget } from "./load/load-target.ts";
import { FilePrompts } from "./prompts/file-prompts.ts";
import { readPrompts } from "./prompts/read-prompts.ts";
import { SyntheticPrompts } from "./prompts/synthetic-prompts.ts";
import type { PlannedBenchmark } from "./read-plan.ts";
import { readTrace } from "./read-trace.ts";
import { runOnce, type BenchmarkPorts, type BenchmarkRun, type RunOrder } from "./run-once.ts";
import type { RunProfile } from "./schedule.ts";
import { sweepPoint } from "./sweep-point.ts";

/** What a benchmark is run with. */
export interface BenchmarkSetting {
  /** The API key of an environment variable; undefined where it is not set. */
  readonly keyOf: (variable: string) => string | undefined;
  /** Hears how it goes. */
  readonly note: (line: string) => void;
}

/** A benchmark after its runs. */
export interface BenchmarkResult {
  readonly plan: PlannedBenchmark;
  /** When it began, ms since 1970. */
  readonly startedMs: number;
  /** One for each repeat, or each rate of a sweep. */
  readonly runs: readonly BenchmarkRun[];
}

/** Times that a sweep halves the gap between the highest rate that was kept and the lowest that was not. */
const refinements = 3;

/**
 * Runs a benchmark.
 * @throws AppError `invalid-request` for a file or a key that is not there
 */
export async function runBenchmark(
  plan: PlannedBenchmark,
  ports: BenchmarkPorts,
  setting: BenchmarkSetting,
): Promise<BenchmarkResult> {
  const startedMs = ports.clock.nowMs();
  const targets = Object.entries(plan.targets).map(([name, target]) =>
    loadTarget(name, target, setting.keyOf),
  );
  const prepared = {
    plan,
    targets,
    deployments: targets.flatMap((target) => watchedDeployment(target, plan.targets[target.name])),
    promptsOf: await promptsOfPlan(plan),
  };
  const { profile } = plan;
  const runs =
    profile.kind === "sweep"
      ? await sweepRuns({ ...prepared, profile }, ports, setting)
      : await repeatedRuns({ ...prepared, profile, trace: await traceOf(profile) }, ports, setting);
  return { plan, startedMs, runs };
}

type Prepared = Pick<RunOrder, "plan" | "targets" | "deployments" | "promptsOf">;

async function repeatedRuns(
  prepared: Prepared & Pick<RunOrder, "profile" | "trace">,
  ports: BenchmarkPorts,
  { note }: BenchmarkSetting,
): Promise<readonly BenchmarkRun[]> {
  const { repeats } = prepared.plan;
  const runs: BenchmarkRun[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    if (repeats > 1) note(`run ${repeat + 1} of ${repeats}`);
    runs.push(await runOnce({ ...prepared, repeat, stopsSaturated: false }, ports));
  }
  return runs;
}

/** Runs at one rate after another, until no target has a next one. */
async function sweepRuns(
  prepared: Prepared & { readonly profile: Extract<PlannedBenchmark["profile"], { readonly kind: "sweep" }> },
  ports: BenchmarkPorts,
  { note }: BenchmarkSetting,
): Promise<readonly BenchmarkRun[]> {
  const { plan, targets, profile } = prepared;
  const { from, to, factor, duration, arrivals } = profile;
  // Targets break at different rates: only one alone is looked at more closely there.
  const rules = {
    from,
    to,
    factor,
    refinements: targets.length === 1 ? refinements : 0,
    shareMin: plan.slo_share,
  };
  const runs: BenchmarkRun[] = [];
  const pointsOf = (name: string): readonly SweepPoint[] =>
    runs.flatMap((run) => sweepPoint(run, name) ?? []);
  for (;;) {
    const [rate] = targets.flatMap(({ name }) => nextRate(pointsOf(name), rules) ?? []);
    if (rate === undefined) return runs;
    note(`${Number(rate.toPrecision(3))} requests/s`);
    const at: RunProfile = { kind: arrivals, rate, duration };
    const order = {
      ...prepared,
      profile: at,
      trace: [],
      repeat: runs.length,
      stopsSaturated: targets.length === 1,
    };
    runs.push({ ...(await runOnce(order, ports)), rate });
  }
}

async function traceOf(profile: RunProfile): Promise<RunOrder["trace"]> {
  if (profile.kind !== "trace") return [];
  const { file, format, speed, duration } = profile;
  return readTrace(file, present({ format, speed, durationMs: duration }));
}

function loadTarget(name: string, target: BenchmarkTarget, keyOf: BenchmarkSetting["keyOf"]): LoadTarget {
  const { url, model, stream, fields, headers, key_env } = target;
  const dialect = loadDialects[target.dialect];
  const key = key_env === undefined ? undefined : keyOf(key_env);
  if (key_env !== undefined && key === undefined) {
    const wanted = `an API key in ${key_env} is wanted, it is not set`;
    throw new AppError("invalid-request", `Cannot benchmark "${name}": ${wanted}`);
  }
  return {
    name,
    url: dialect.url(url, { model, stream }),
    model,
    dialect,
    stream,
    fields,
    headers: { "content-type": "application/json", ...dialect.headers(key), ...headers },
  };
}

/** Where a target's metrics are; they get its key only where they are on the same server. */
function watchedDeployment(
  { name, url, headers }: LoadTarget,
  target: BenchmarkTarget | undefined,
): readonly WatchedDeployment[] {
  if (target?.prometheus === undefined) return [];
  const isSame = new URL(target.prometheus).origin === new URL(url).origin;
  return [{ name, url: target.prometheus, headers: isSame ? headers : {} }];
}

async function promptsOfPlan({ prompts, seed }: PlannedBenchmark): Promise<(repeat: number) => LoadPrompts> {
  if ("file" in prompts) {
    const texts = (await readPrompts(prompts.file, prompts.field)).map((text) => ({ text }));
    return () => new FilePrompts(texts, prompts.output_tokens);
  }
  const { input_tokens, output_tokens, prefix_tokens, prefix_groups } = prompts;
  const prefix = prefix_tokens === undefined ? undefined : { tokens: prefix_tokens, groups: prefix_groups };
  const sizes = present({ inputTokens: input_tokens, outputTokens: output_tokens, prefix });
  // Prompts of another repeat are others: a cache of the server would make it faster than the first one.
  return (repeat) => new SyntheticPrompts(sizes, seed * 1_000 + repeat);
}
