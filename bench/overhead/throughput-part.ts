import type { Figure } from "./figure.ts";
import { loopDelayFigure } from "./loop-delay.ts";
import { signalboxes, type Part } from "./part.ts";
import { interleavedRounds, type Rounds } from "./rounds.ts";
import { errors, latency, mainUs, perSecond, processUs, ratioToBare, typical } from "./summary.ts";
import { mainRatioMax, wanted } from "./wanted.ts";
import { passes, workloads, type Workload } from "./workload.ts";

/** How many requests are under way at once; the CPU time of a request is judged at the first. */
const concurrencies = [16, 64] as const;

/** Many at once: how much goes through, and what a request costs. */
export const throughputPart: Part = async ({ world, targets, options }) => {
  const { short } = options;
  const figures: Figure[] = [];
  for (const workload of short ? (["pass-openai", "translate"] as const) : workloads) {
    for (const connections of concurrencies) {
      const rounds = await interleavedRounds({
        loader: world.loader,
        targets,
        request: { workload, size: "2KB", stream: false },
        load: { connections, durationMs: short ? 400 : 700 },
        rounds: options.rounds,
        warmUp: { connections, durationMs: 500 },
      });
      const names = ["direct", "bare", ...signalboxes(targets).map(({ name }) => name)];
      for (const name of names) figures.push(...figuresOf(rounds, name, { workload, connections, short }));
    }
  }
  for (const target of signalboxes(targets)) figures.push(await loopDelayFigure(world.loader, target));
  return figures;
};

interface Measured {
  readonly workload: Workload;
  readonly connections: number;
  readonly short: boolean;
}

function figuresOf(rounds: Rounds, target: string, measured: Measured): readonly Figure[] {
  const { workload, connections } = measured;
  const of = (what: string) => ({
    part: "throughput",
    target,
    name: `${workload} 2KB, ${connections} at once: ${what}`,
  });
  const served: readonly Figure[] = [
    { ...of("served"), value: typical(rounds, target, perSecond), unit: "requests/s" },
    { ...of("p99"), value: typical(rounds, target, latency(0.99)), unit: "ms" },
    { ...of("failed"), value: errors(rounds, target), unit: "errors", wantedMax: 0 },
  ];
  if (target === "direct") return served;
  const cost: readonly Figure[] = [
    { ...of("CPU of the main thread"), value: typical(rounds, target, mainUs), unit: "us" },
    { ...of("CPU of the process"), value: typical(rounds, target, processUs), unit: "us" },
  ];
  return target === "bare" ? [...served, ...cost] : [...served, ...costs(rounds, target, measured, of)];
}

function costs(
  rounds: Rounds,
  target: string,
  { workload, connections, short }: Measured,
  of: (what: string) => Pick<Figure, "part" | "target" | "name">,
): readonly Figure[] {
  const isJudged = connections === concurrencies[0];
  const isJudgedWhole = isJudged && !short && target === "postgres";
  const main = of("CPU of the main thread");
  const whole = of("CPU of the process");
  return [
    { ...main, value: typical(rounds, target, mainUs), unit: "us" },
    {
      ...main,
      value: ratioToBare(rounds, target, mainUs),
      unit: "x",
      ...(isJudged && { wantedMax: mainRatioMax(workload, short) }),
    },
    {
      ...whole,
      value: typical(rounds, target, processUs),
      unit: "us",
      ...(isJudgedWhole && passes(workload) && { wantedMax: wanted.processUsMax }),
    },
    {
      ...whole,
      value: ratioToBare(rounds, target, processUs),
      unit: "x",
      ...(isJudgedWhole && { wantedMax: wanted.processRatioMaxWithPostgres }),
    },
  ];
}
