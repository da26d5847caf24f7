import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { SpendingStore } from "#features/gateway/index.ts";
import type { VariantMoments } from "#features/traffic/index.ts";
import type { DropReason, DuelEnd, ShadowPair } from "./shadow-pair.ts";

/** What of a pair moments are asked of: a measure of one side, whether the duel was judged, and the treatment's score in it. */
export type PairVariable =
  | { readonly side: "control" | "treatment"; readonly measure: UnitMeasure }
  | "judged"
  | "score";

/** A phase of an experiment. */
export interface PhaseName {
  readonly experiment: string;
  readonly phase: number;
}

/** Requests that were not compared. */
export interface Dropped extends PhaseName {
  readonly reason: DropReason;
  readonly requests: number;
}

/** How the duels of one treatment ended. */
export interface DuelCounts {
  readonly variant: string;
  readonly ends: Readonly<Record<DuelEnd, number>>;
  /** What the judge cost, pico-dollars. */
  readonly picoDollars: number;
}

/** One unit's duels of one treatment that were judged: sums of scores. */
export interface UnitDuels {
  readonly variant: string;
  readonly unit: string;
  readonly judged: number;
  /** Of the treatment: 1 a win, 1/2 a tie, as each duel ended. */
  readonly score: number;
  /** As the judge said it where the treatment stood first, and where it stood second. */
  readonly scoreFirst: number;
  readonly scoreSecond: number;
}

/** Where pairs are kept, and what they may cost. */
export interface ShadowStore extends SpendingStore {
  /** Keeps a pair; one that is kept stays as it is. @throws AppError store-unavailable */
  keep(pair: ShadowPair): Promise<void>;
  /** Adds to what was not compared. @throws AppError store-unavailable */
  drop(dropped: readonly Dropped[]): Promise<void>;
  /** What was not compared in a phase, and why. @throws AppError store-unavailable */
  dropped(phase: PhaseName): Promise<readonly Pick<Dropped, "reason" | "requests">[]>;
  /** Sums by unit, as moments by treatment, of variables in the order asked for. @throws AppError store-unavailable */
  moments(phase: PhaseName, variables: readonly PairVariable[]): Promise<readonly VariantMoments[]>;
  /** How duels ended, by treatment. @throws AppError store-unavailable */
  duelCounts(phase: PhaseName): Promise<readonly DuelCounts[]>;
  /** Each unit's judged duels, at most so many units. @throws AppError store-unavailable */
  unitDuels(phase: PhaseName, limit: number): Promise<readonly UnitDuels[]>;
  /** Pairs whose request named no unit that lasts. @throws AppError store-unavailable */
  unstable(phase: PhaseName): Promise<number>;
}
