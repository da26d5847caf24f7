import type { FoundUnit } from "./experiment-unit.ts";

/** What an experiment made of a request that came its way: a variant, or nothing, with the reason. */
export type ExperimentChoice =
  | (ChoosingExperiment & {
      /** The variant that the request's unit is assigned. It is who answers, unless it cannot. */
      readonly variant: string;
      /** The variant's share among the units that take part, in (0, 1). */
      readonly propensity: number;
      readonly unit: FoundUnit;
      /** The tags that the experiment notes, with their values, of the request; absent where it notes none. */
      readonly segments?: Readonly<Record<string, string>>;
    })
  | (ChoosingExperiment & {
      /** Why the request takes no part: it is served as if there were no experiment. */
      readonly outside: string;
    });

interface ChoosingExperiment {
  readonly name: string;
  readonly phase: number;
}
