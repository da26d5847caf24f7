import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";

/** What the log sums up of one request; what is 0 may be left out. */
export type SideMeasures = Readonly<Partial<Record<UnitMeasure, number>>>;

/** How a duel ended, as seen from the treatment. */
export const duelEnds = ["won", "lost", "tied", "inconsistent", "judge-failed", "unanswered"] as const;

/**
 * One of them. `inconsistent`: the judge said otherwise in the other order, which counts as a tie. `judge-failed`: it said nothing
 * that can be read, or could not be asked. `unanswered`: one of the variants had no answer to be judged.
 */
export type DuelEnd = (typeof duelEnds)[number];

/** A client's request with the second answer to it. */
export interface ShadowPair {
  readonly experiment: string;
  readonly phase: number;
  /** Of the client. */
  readonly requestId: string;
  /** Of the second answer. */
  readonly shadowId: string;
  /** When the second one began, ms since 1970. */
  readonly atMs: number;
  /** Who answered second. */
  readonly variant: string;
  /** The unit's pseudonym. */
  readonly unit: string;
  readonly stable: boolean;
  readonly control: SideMeasures;
  readonly treatment: SideMeasures;
  /** Absent where there is no judge. */
  readonly duel?: PairDuel;
}

/** What a judge said of a pair. */
export interface PairDuel {
  readonly end: DuelEnd;
  /** The treatment's score where it stood first and where it stood second: 1, 1/2 or 0; absent where nothing was said. */
  readonly scores?: { readonly first: number; readonly second: number };
  /** What the judge cost, pico-dollars. */
  readonly picoDollars: number;
}

/** Why a request that was sampled is not compared. */
export const dropReasons = [
  "budget",
  "no-price",
  "queue-full",
  "not-served",
  "store",
  "shutdown",
  "superseded",
] as const;

/**
 * One of them. `budget`: the day's is used up. `no-price`: what it would cost is not known. `queue-full`: more wait than are
 * held. `not-served`: no deployment of the treatment was free for it. `store`: the database was away. `shutdown`: it was
 * waiting, or under way, when Signalbox stopped. `superseded`: the experiment's phase was over.
 */
export type DropReason = (typeof dropReasons)[number];
