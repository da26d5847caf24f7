import { cheapestKind } from "./cheapest.ts";
import { complexityKind } from "./complexity-tiers.ts";
import { consistentHashKind } from "./consistent-hash.ts";
import { fastestKind } from "./fastest.ts";
import { firstMatchKind } from "./first-match.ts";
import { headroomKind } from "./headroom.ts";
import { priorityKind } from "./priority.ts";
import { roundRobinKind } from "./round-robin.ts";
import { singleKind } from "./single.ts";
import type { StrategyKind } from "./strategy.ts";
import { weightedKind } from "./weighted.ts";

/**
 * Every kind of strategy. To add one: a file beside this one, a line here, and an example in the contract suite
 * (strategy-contract.test.ts); signalbox.yaml, its schema and its errors follow from it.
 */
export const strategyKinds: readonly StrategyKind[] = [
  singleKind,
  weightedKind,
  priorityKind,
  roundRobinKind,
  firstMatchKind,
  cheapestKind,
  fastestKind,
  headroomKind,
  consistentHashKind,
  complexityKind,
];
