import { violationsOf, type Violation } from "../checkers/all-checkers.ts";
import { simulate } from "../simulate.ts";
import type { Planting } from "./planting.ts";

/** A planted fault must be found within so many seeds. */
export const plantedSeedsMax = 500;

/** Where a planted fault was found. */
export interface PlantedFound {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

/**
 * Plants a fault, looks for it seed by seed, and takes it out again; undefined when nothing is found.
 * @throws Error when the seed that shows it shows something without it, too
 */
export async function findPlanted(planting: Planting): Promise<PlantedFound | undefined> {
  const found = await lookPlanted(planting);
  if (found && violationsOf(await simulate(found.seed)).length > 0)
    throw new Error(
      `Cannot tell whether "${planting.fault}" was found: seed ${found.seed} does not hold without it`,
    );
  return found;
}

async function lookPlanted(planting: Planting): Promise<PlantedFound | undefined> {
  const { ports: planted, restore } = planting.plant();
  try {
    for (let seed = 0; seed < plantedSeedsMax; seed++) {
      const violations = violationsOf(await simulate(seed, planted && { planted }));
      if (violations.length > 0) return { seed, violations };
    }
    return undefined;
  } finally {
    restore();
  }
}
