import { median } from "../measure/quantile.ts";
import type { LoadResult } from "../load/load-order.ts";
import type { BenchWorld } from "./bench-world.ts";
import type { Figure } from "./figure.ts";
import { signalboxes, type Part } from "./part.ts";
import { rotated, type Round } from "./rounds.ts";
import { gapP99, ratioToBare, typical } from "./summary.ts";
import { wanted } from "./wanted.ts";
import { orderFor, type Target } from "./workload.ts";

/** Streams whose events are timed. */
const streams = 8;
/** How long the streams of a round are watched, ms; the large bodies begin before and end behind. */
const watchedMs = 2_500;
const aroundMs = 400;

/** While one client sends bodies of 8 MB one after another: the time between the events of other clients' streams. */
export const disturbedPart: Part = async ({ world, targets, options }) => {
  const measured = targets.filter(({ name }) => name !== "direct");
  const rounds = new Map<string, Round[]>(measured.map(({ name }) => [name, []]));
  const largeMs = new Map<string, number[]>(measured.map(({ name }) => [name, []]));
  for (const target of measured) await disturbed(world, target);
  for (let round = 0; round < options.rounds; round++) {
    for (const target of rotated(measured, round)) {
      const { watched, large } = await disturbed(world, target);
      rounds.get(target.name)?.push(watched);
      largeMs.get(target.name)?.push(median(large.latenciesMs));
    }
  }
  const told = measured.flatMap(({ name }): readonly Figure[] => [
    { ...of(name, "between events, p99"), value: typical(rounds, name, gapP99), unit: "ms" },
    { ...of(name, "a large body, p50"), value: median(largeMs.get(name) ?? []), unit: "ms" },
  ]);
  const ratios = signalboxes(targets).map(({ name }): Figure => ({
    ...of(name, "between events, p99"),
    value: ratioToBare(rounds, name, gapP99),
    unit: "x",
    wantedMax: wanted.disturbedGapRatioMax,
  }));
  return [...told, ...ratios];
};

function of(target: string, what: string): Pick<Figure, "part" | "target" | "name"> {
  return { part: "disturbed", target, name: `streams beside 8MB bodies: ${what}` };
}

async function disturbed(
  { loader, disturber }: BenchWorld,
  target: Target,
): Promise<{ readonly watched: LoadResult; readonly large: LoadResult }> {
  const watch = await loader.prepare(
    orderFor(
      target,
      { workload: "pass-openai", size: "2KB", stream: true },
      { connections: streams, durationMs: watchedMs },
    ),
  );
  const disturb = await disturber.prepare(
    orderFor(
      target,
      { workload: "pass-openai", size: "8MB", stream: false },
      { connections: 1, durationMs: watchedMs + aroundMs },
    ),
  );
  const [large, watched] = await Promise.all([disturb(), watch()]);
  return { watched, large };
}
