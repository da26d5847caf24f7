import { meanOfItems, type RunEstimate } from "./estimates.ts";
import { passAtLeastOnce, passEveryTime, type PassCount } from "./repeated-passes.ts";
import { answerValue, type ItemValues } from "./item-values.ts";
import type { RunTable } from "./run-table.ts";

/** What k answers to an item come to. */
export interface RepeatedPass {
  readonly k: number;
  /** That one of k passes; over items with at least k scored answers. */
  readonly atLeastOnce: RunEstimate;
  /** That all k pass. */
  readonly everyTime: RunEstimate;
}

/** An item whose answers do not agree. */
export interface FlakyItem {
  readonly item: string;
  readonly passes: number;
  readonly answers: number;
}

/** What repeats of one target tell by one scorer. */
export interface RepeatReport {
  readonly passes: readonly RepeatedPass[];
  /** Items with two scored answers or more. */
  readonly repeatedItems: number;
  /** Items of them whose answers do not agree. */
  readonly flakyCount: number;
  /** Those that agree least first, at most 100. */
  readonly flaky: readonly FlakyItem[];
}

/** Of how many answers it is asked, as far as there are repeats. */
const ks = [1, 2, 3, 4, 5, 8, 10, 16, 20, 32, 50, 64, 100] as const;
/** Items that a report names, at most. */
const flakyMax = 100;

/** How repeats agree by a scorer with verdicts; undefined where no item has two scored answers. */
export function repeatReport(
  table: RunTable,
  { target, scorer, alpha }: { readonly target: string; readonly scorer: string; readonly alpha: number },
): RepeatReport | undefined {
  if (table.answersOf(target).length < 2) return undefined;
  const counts = passCounts(table, target, scorer);
  const most = counts.answers.reduce((most, count) => Math.max(most, count), 0);
  if (most < 2) return undefined;
  const flaky = flakyItems(table, counts);
  return {
    passes: ks.filter((k) => k <= most).flatMap((k) => repeatedPass(table, counts, { k, alpha })),
    repeatedItems: counts.answers.filter((count) => count > 1).length,
    flakyCount: flaky.length,
    flaky: flaky.slice(0, flakyMax),
  };
}

interface PassCounts {
  readonly places: readonly number[];
  readonly passes: readonly number[];
  readonly answers: readonly number[];
}

function passCounts(table: RunTable, target: string, scorer: string): PassCounts {
  const repeats = table.answersOf(target);
  const [places, passes, answers]: [number[], number[], number[]] = [[], [], []];
  for (let place = 0; place < table.items.count; place += 1) {
    const verdicts = repeats.flatMap(
      (columns) => answerValue(columns, place, { metric: { kind: "pass", scorer } }) ?? [],
    );
    if (verdicts.length === 0) continue;
    places.push(place);
    passes.push(verdicts.filter((verdict) => verdict === 1).length);
    answers.push(verdicts.length);
  }
  return { places, passes, answers };
}

function repeatedPass(
  table: RunTable,
  { places, passes, answers }: PassCounts,
  { k, alpha }: { readonly k: number; readonly alpha: number },
): readonly RepeatedPass[] {
  const enough = [...places.keys()].filter((index) => (answers[index] ?? 0) >= k);
  const over = (estimate: (count: PassCount) => number): RunEstimate | undefined => {
    const values: ItemValues = {
      places: enough.map((index) => places[index] ?? 0),
      values: enough.map((index) =>
        estimate({ passes: passes[index] ?? 0, answers: answers[index] ?? 0, k }),
      ),
      answers: enough.length,
    };
    return meanOfItems(table.items, values, alpha);
  };
  const [atLeastOnce, everyTime] = [over(passAtLeastOnce), over(passEveryTime)];
  return atLeastOnce && everyTime ? [{ k, atLeastOnce, everyTime }] : [];
}

function flakyItems(table: RunTable, { places, passes, answers }: PassCounts): readonly FlakyItem[] {
  return [...places.entries()]
    .flatMap(([index, place]) => {
      const [passed, count] = [passes[index] ?? 0, answers[index] ?? 0];
      return passed > 0 && passed < count
        ? [{ item: table.items.idOf(place), passes: passed, answers: count }]
        : [];
    })
    .toSorted((a, b) => disagreement(b) - disagreement(a));
}

/** 1 where half of the answers pass, 0 where all agree. */
function disagreement({ passes, answers }: FlakyItem): number {
  return 1 - Math.abs((2 * passes) / answers - 1);
}
