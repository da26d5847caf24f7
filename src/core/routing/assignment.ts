import { assert } from "#core/kernel/assert.ts";
import type { ExperimentVariant, RunningExperiment } from "./experiment.ts";
import { fractionOf, ownerOf } from "./rendezvous.ts";

/** Where an experiment puts a unit. */
export type Assignment =
  | {
      readonly kind: "assigned";
      readonly variant: string;
      /** The variant's share among the units that take part, in (0, 1). */
      readonly propensity: number;
    }
  | { readonly kind: "outside"; readonly reason: OutsideReason };

/** Which hash keeps a unit out: the holdout of all experiments, the layer's other parts, or the coverage. */
export type OutsideReason = "holdout" | "layer" | "coverage";

/**
 * Where an experiment puts a unit. The same answer each time, whoever asks, without any memory: within a phase (whose
 * weights stay) no unit is in two variants. Each question has a hash of its own, so that none of them says anything about
 * another:
 * - the holdout's is the same for all experiments, the layer's for all experiments of the layer;
 * - the coverage's and the variants' begin with the salt of the phase. A raise of the coverage only adds units, a raise of
 *   a weight only moves units to that variant (`ownerOf`).
 */
export function assign(experiment: RunningExperiment, unit: string): Assignment {
  const { holdout, layer, coverage, variants } = experiment;
  // A hash is most of the cost: what keeps nobody out is not asked.
  if (holdout > 0 && fractionOf("holdout", "", unit) < holdout) return outside.holdout;
  if (layer && !isWithin(layer, fractionOf("layer", layer.name, unit))) return outside.layer;
  if (coverage < 1 && fractionOf(saltOf("coverage", experiment), "", unit) >= coverage)
    return outside.coverage;
  const owner = ownerOf(labelled(variants), { salt: saltOf("variant", experiment), unit });
  assert(owner !== undefined, "an experiment has variants");
  return { kind: "assigned", variant: owner.label, propensity: owner.weight / weightOf(variants) };
}

/** The share of a variant among the units that take part, in [0, 1]: 0 where the experiment does not compare it. */
export function shareOf({ variants }: RunningExperiment, variant: string): number {
  return (variants.find((one) => one.variant === variant)?.weight ?? 0) / weightOf(variants);
}

const outside = {
  holdout: { kind: "outside", reason: "holdout" },
  layer: { kind: "outside", reason: "layer" },
  coverage: { kind: "outside", reason: "coverage" },
} as const satisfies Readonly<Record<OutsideReason, Assignment>>;

function isWithin({ from, to }: { readonly from: number; readonly to: number }, fraction: number): boolean {
  return fraction >= from && fraction < to;
}

/** What a hash of the phase begins with; the length stands before the name, so that no two experiments are written alike. */
function saltOf(purpose: "coverage" | "variant", { name, salt }: RunningExperiment): string {
  return `${purpose} ${name.length}:${name}${salt}`;
}

function labelled(variants: readonly ExperimentVariant[]) {
  return variants.map(({ variant, weight }) => ({ label: variant, weight }));
}

function weightOf(variants: readonly ExperimentVariant[]): number {
  let sum = 0;
  for (const { weight } of variants) sum += weight;
  return sum;
}
