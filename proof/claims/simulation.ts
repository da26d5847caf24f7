import { allPlantings } from "../../test/simulation/plantings/all-plantings.ts";
import { findPlanted, plantedSeedsMax } from "../../test/simulation/plantings/find-planted.ts";
import { replayCommand, runSeeds, type BrokenSeed } from "../../test/simulation/run-seeds.ts";
import type { Claim } from "../claim.ts";

/** Worlds that the gateway is run through: so many in every change, more in the full form. */
const seedsShort = 2_000;
const seedsFull = 10_000;

/** The real gateway on simulated clock, chance, providers and clients; test/simulation. */
export const claim: Claim = {
  id: "simulation",
  title:
    "In simulated worlds, each drawn by a seed, the gateway keeps its promises, and the bugs of other gateways show when planted",
  wanted: `every promise in each of ${seedsShort} seeds; each of ${allPlantings.length} planted bugs found within ${plantedSeedsMax}`,
  async run({ short }) {
    const seeds = short ? seedsShort : seedsFull;
    const run = await runSeeds({ from: 0, seeds });
    const planted = await plantAll();
    const found = planted.filter(({ seed }) => seed !== undefined);
    return {
      ok: run.seeds === seeds && run.broken.length === 0 && found.length === planted.length,
      figure: `${run.seeds - run.broken.length} of ${run.seeds} seeds, ${found.length} of ${planted.length} bugs found`,
      details: [
        ...run.broken.flatMap(brokenLines),
        `${run.requests} requests with ${run.calls} calls to providers`,
        ...planted.map(({ fault, seed }) =>
          seed === undefined ? `not found: ${fault}` : `found in seed ${seed}: ${fault}`,
        ),
      ],
    };
  },
};

async function plantAll(): Promise<readonly { readonly fault: string; readonly seed: number | undefined }[]> {
  const planted = [];
  for (const planting of allPlantings) {
    const shown = await findPlanted(planting);
    planted.push({ fault: planting.fault, seed: shown?.seed });
  }
  return planted;
}

function brokenLines({ seed, violations }: BrokenSeed): readonly string[] {
  return violations.map(({ fact, found }) => `${replayCommand(seed)}: wanted: ${fact}; ${found[0] ?? ""}`);
}
