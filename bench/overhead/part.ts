import type { BenchWorld } from "./bench-world.ts";
import type { Figure } from "./figure.ts";
import type { OverheadOptions } from "./options.ts";
import type { Target } from "./workload.ts";

/** What a part of a run works with. */
export interface PartInput {
  readonly world: BenchWorld;
  /** The upstream, the bare proxy, and a Signalbox for each store. */
  readonly targets: readonly Target[];
  readonly options: OverheadOptions;
}

/** A part of a run: measures, and tells its figures. */
export type Part = (input: PartInput) => Promise<readonly Figure[]>;

/** The targets that are Signalbox's. */
export function signalboxes(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ kind }) => kind === "signalbox");
}
