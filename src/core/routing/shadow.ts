import { assign } from "./assignment.ts";
import type { FoundUnit } from "./experiment-unit.ts";
import type { RunningExperiment } from "./experiment.ts";
import type { StrategyInput } from "./strategies/strategy.ts";

/** An experiment that compares off-line, as the gateway needs it: clients are served as if there were none. */
export interface RunningShadow {
  /** Whom it takes: `coverage` is the share of units that is sampled, `variants` are the treatments alone, one or more. */
  readonly sampling: RunningExperiment;
  /** The variant whose requests are answered once more. */
  readonly control: string;
  /** Whether both answers are compared by a judge, who has to read them. */
  readonly isJudged: boolean;
}

/** A request that another variant is to answer as well, once the client has its answer. */
export interface ShadowChoice {
  readonly name: string;
  readonly phase: number;
  /** Who answers once more. */
  readonly treatment: string;
  readonly control: string;
  readonly unit: FoundUnit;
  readonly isJudged: boolean;
}

/** What is asked about a request that was decided. */
export interface ShadowQuestion {
  readonly running: readonly RunningShadow[];
  readonly asked: StrategyInput;
  /** Whom it was decided for. */
  readonly served: string;
  /** Why a variant cannot serve the request; undefined where it can. */
  readonly unable: (variant: string) => string | undefined;
}

/**
 * Whether a request is answered once more, and by whom: the first experiment of its control's that has the unit in its sample.
 * By hashes of the unit alone, as `assign` has them, so that a unit stays in or out, and meets one treatment, for a phase.
 * Requests that not every treatment can serve are left out, whoever would be asked: else the treatments' would not be alike.
 */
export function shadowChoice({ running, asked, served, unable }: ShadowQuestion): ShadowChoice | undefined {
  for (const { sampling, control, isJudged } of running) {
    if (control !== served || sampling.audience?.(asked) === false) continue;
    const unit = asked.view.unit(sampling.unit);
    const assignment = assign(sampling, unit.name);
    if (assignment.kind === "outside") continue;
    if (sampling.variants.some(({ variant }) => unable(variant) !== undefined)) continue;
    const { name, phase } = sampling;
    return { name, phase, treatment: assignment.variant, control, unit, isJudged };
  }
  return undefined;
}
