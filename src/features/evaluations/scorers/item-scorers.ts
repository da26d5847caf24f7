import type { DataItem } from "#core/evaluations/data-item.ts";
import { unscored } from "#core/scoring/score.ts";
import { itemScorerConfig, makeRunScorer, type ScorerContext } from "./make-run-scorers.ts";
import type { RunScorer } from "./run-scorer.ts";

/** Says by what an answer to an item is scored. */
export type ItemScorers = (item: DataItem) => ReadonlyMap<string, RunScorer>;

/** The scorers of all items, and those of an item alone, which go before others of their name. */
export function itemScorers(common: ReadonlyMap<string, RunScorer>, context: ScorerContext): ItemScorers {
  return ({ scorers }) => {
    if (!scorers) return common;
    const own = Object.entries(scorers).map(
      ([name, written]) => [name, ownScorer(written, context)] as const,
    );
    return new Map([...common, ...own]);
  };
}

/** What cannot be made scores nothing, and says why: the item's answer is still worth what others say of it. */
function ownScorer(written: unknown, context: ScorerContext): RunScorer {
  const config = itemScorerConfig.safeParse(written);
  if (!config.success) return notMade("a scorer as items may bring one is wanted, it is another thing");
  const scorer = makeRunScorer(config.data, context);
  return scorer.ok ? scorer.value : notMade(`${scorer.error.wanted} is wanted, it is ${scorer.error.actual}`);
}

function notMade(problem: string): RunScorer {
  return { score: () => ({ score: unscored("scorer-failed", `Cannot make the item's scorer: ${problem}`) }) };
}
