import type { EvaluationRecord } from "#core/evaluations/record.ts";
import { RunTable } from "#core/evaluations/run-table.ts";
import { measured, verdict, type Score } from "#core/scoring/score.ts";

/** A target whose skill is known: how likely it gets an item right, by the item's ease in [0, 1). */
export interface DrawnTarget {
  readonly name: string;
  readonly rightOf: (ease: number) => number;
}

/** How runs are drawn. */
export interface DrawnRun {
  readonly items: number;
  readonly repeats: number;
  /** Items of one cluster are alike; 1: each stands alone. */
  readonly clusterSize: number;
  readonly targets: readonly DrawnTarget[];
  /** Scores of an answer beside `right`, by what chance gives. */
  readonly others?: (chance: () => number, ease: number) => Readonly<Record<string, number | boolean>>;
}

/** The ease of each item: half of it that of its cluster, where there are any. */
export function drawnItems(
  { items, clusterSize }: Pick<DrawnRun, "items" | "clusterSize">,
  chance: () => number,
): readonly number[] {
  const eases: number[] = [];
  let shared = 0;
  for (let item = 0; item < items; item += 1) {
    if (item % clusterSize === 0) shared = chance();
    const own = chance();
    eases.push(clusterSize === 1 ? own : wrapped(shared + own / 2));
  }
  return eases;
}

/** A run over items of known ease. */
export function drawnRun(run: DrawnRun, eases: readonly number[], chance: () => number): RunTable {
  const table = new RunTable({ targets: run.targets.map(({ name }) => name) });
  for (const [item, ease] of eases.entries()) {
    for (const target of run.targets) {
      for (let repeat = 0; repeat < run.repeats; repeat += 1) {
        table.add(recordOf(run, { item, ease, target, repeat, chance }));
      }
    }
  }
  return table;
}

function recordOf(
  { clusterSize, others }: DrawnRun,
  {
    item,
    ease,
    target,
    repeat,
    chance,
  }: {
    readonly item: number;
    readonly ease: number;
    readonly target: DrawnTarget;
    readonly repeat: number;
    readonly chance: () => number;
  },
): EvaluationRecord {
  const scores: Record<string, Score> = { right: verdict(chance() < target.rightOf(ease)) };
  for (const [name, value] of Object.entries(others?.(chance, ease) ?? {}))
    scores[name] = typeof value === "boolean" ? verdict(value) : measured(value);
  return {
    item: `${item}`,
    target: target.name,
    repeat,
    ...(clusterSize > 1 && { cluster: `${Math.floor(item / clusterSize)}` }),
    tags: {},
    outcome: { kind: "answered", text: "", latencyMs: 1 },
    scores,
    atMs: 0,
  };
}

/** On a circle, so that a sum of uniform numbers is uniform again. */
function wrapped(value: number): number {
  return value - Math.floor(value);
}

/** The mean of a function of the ease, which is uniform on [0, 1). */
export function overEase(valueOf: (ease: number) => number): number {
  const steps = 100_000;
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum += valueOf((step + 0.5) / steps);
  return sum / steps;
}

/** A share as a person reads it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Three standard errors of a share that was counted over runs. */
export function countingError(share: number, runs: number): number {
  return 3 * Math.sqrt((share * (1 - share)) / runs);
}
