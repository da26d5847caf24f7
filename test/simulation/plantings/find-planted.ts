import { simulate } from "../simulate.ts";
import type { Planting } from "./planting.ts";

/** A planted fault must be found within so many seeds. */
export const plantedSeedsMax = 500;

/** Where a planted fault was found. */
export interface PlantedFound {
  readonly seed: number;
  /** What its checker says, a sentence each. */
  readonly found: readonly string[];
}

/**
 * Plants a fault, looks for it seed by seed, and takes it out again; undefined when its checker does not find it.
 * @throws Error when the checker complains of the same seed without the fault, too
 */
export async function findPlanted(planting: Planting): Promise<PlantedFound | undefined> {
  const shown = await lookPlanted(planting);
  if (shown && planting.shownBy.violations(await simulate(shown.seed)).length > 0)
    throw new Error(
      `Cannot tell whether "${planting.fault}" was found: seed ${shown.seed} is no better without it`,
    );
  return shown;
}

async function lookPlanted({ plant, shownBy }: Planting): Promise<PlantedFound | undefined> {
  const { ports: planted, restore } = plant();
  try {
    for (let seed = 0; seed < plantedSeedsMax; seed++) {
      const found = shownBy.violations(await simulate(seed, planted && { planted }));
      if (found.length > 0) return { seed, found };
    }
    return undefined;
  } finally {
    restore();
  }
}
