import { assign, shareOf, type Assignment, type OutsideReason } from "./assignment.ts";
import type { ExperimentChoice } from "./experiment-choice.ts";
import type { FoundUnit } from "./experiment-unit.ts";
import type { RunningExperiment } from "./experiment.ts";
import type { Probabilities, StrategyInput } from "./strategies/strategy.ts";

/** What experiments are asked about a request. */
export interface TakeOverQuestion {
  readonly running: readonly RunningExperiment[];
  readonly asked: StrategyInput;
  /** Why a variant can never serve the request, whoever is well; undefined where it can. */
  readonly unable: (variant: string) => string | undefined;
}

const outsideTexts: Readonly<Record<OutsideReason, string>> = {
  holdout: "its unit is kept out of all experiments",
  layer: "its unit is another experiment's of the layer",
  coverage: "its unit is not among those that take part",
};

/** What one experiment makes of the request. */
interface Outcome {
  readonly experiment: RunningExperiment;
  readonly assignment: Assignment;
  /** Why the request takes no part, whatever its unit. */
  readonly unable?: string;
  readonly unit: FoundUnit;
}

/**
 * The experiments of a route, for one request. An experiment takes over from its incumbent where the strategy has chosen
 * that: the first whose audience the request is of. The next one is asked only where the unit is another's of the layer.
 * Who is well has no say in it.
 */
export class TakeOver {
  readonly #question: TakeOverQuestion;
  /** Several variants may lead to one experiment: its hashes are made once. */
  readonly #outcomes = new Map<RunningExperiment, Outcome | undefined>();

  constructor(question: TakeOverQuestion) {
    this.#question = question;
  }

  /** What becomes of the request where the strategy chose that variant; undefined where no experiment takes it. */
  choice(chosen: string): ExperimentChoice | undefined {
    const outcome = this.#taking(chosen);
    if (!outcome) return undefined;
    const { experiment, assignment, unable, unit } = outcome;
    const { name, phase } = experiment;
    if (unable !== undefined) return { name, phase, outside: unable };
    if (assignment.kind === "outside") return { name, phase, outside: outsideTexts[assignment.reason] };
    const { variant, propensity } = assignment;
    const choice = { name, phase, variant, propensity, unit };
    if (!experiment.segments) return choice;
    return { ...choice, segments: segmentsOf(experiment.segments, this.#question.asked.facts.tags) };
  }

  /**
   * The probability of each variant to be the one decided on, from those that the strategy gives: of the strategy's draw and
   * of the hashes that share out, for a unit that takes part in what this one takes part in.
   */
  served(probabilities: Probabilities): Probabilities {
    const served = new Map<string, number>();
    const add = (variant: string, probability: number) =>
      served.set(variant, (served.get(variant) ?? 0) + probability);
    for (const [chosen, probability] of probabilities) {
      const outcome = this.#taking(chosen);
      if (!outcome || !isAssigned(outcome)) add(chosen, probability);
      else
        for (const { variant } of outcome.experiment.variants)
          add(variant, probability * shareOf(outcome.experiment, variant));
    }
    return served;
  }

  #taking(chosen: string): Outcome | undefined {
    let elsewhere: Outcome | undefined;
    for (const experiment of this.#question.running) {
      if (experiment.incumbent !== undefined && experiment.incumbent !== chosen) continue;
      const outcome = this.#outcome(experiment);
      if (outcome && !isElsewhere(outcome)) return outcome;
      elsewhere ??= outcome;
    }
    return elsewhere;
  }

  #outcome(experiment: RunningExperiment): Outcome | undefined {
    const known = this.#outcomes.get(experiment);
    if (known || this.#outcomes.has(experiment)) return known;
    const outcome = outcomeOf(experiment, this.#question);
    this.#outcomes.set(experiment, outcome);
    return outcome;
  }
}

function outcomeOf(experiment: RunningExperiment, { asked, unable }: TakeOverQuestion): Outcome | undefined {
  if (experiment.audience?.(asked) === false) return undefined;
  const unit = asked.view.unit(experiment.unit);
  const assignment = assign(experiment, unit.name);
  // All are looked at, whoever is assigned: else one variant would have the requests that another one cannot serve.
  for (const { variant } of experiment.variants) {
    const reason = unable(variant);
    if (reason !== undefined)
      return { experiment, assignment, unit, unable: `not every variant can serve it: ${reason}` };
  }
  return { experiment, assignment, unit };
}

/** Longest value of a tag that is noted, in UTF-16 code units. */
const segmentLengthMax = 100;

function segmentsOf(
  names: readonly string[],
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Object.hasOwn(tags, name) ? tags[name] : undefined;
      return value === undefined ? [] : [[name, value.slice(0, segmentLengthMax)]];
    }),
  );
}

function isAssigned({ assignment, unable }: Outcome): boolean {
  return assignment.kind === "assigned" && unable === undefined;
}

function isElsewhere({ assignment }: Outcome): boolean {
  return assignment.kind === "outside" && assignment.reason === "layer";
}
