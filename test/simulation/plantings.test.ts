import { describe, expect, test } from "vitest";
import { allPlantings } from "./plantings/all-plantings.ts";
import { findPlanted, plantedSeedsMax } from "./plantings/find-planted.ts";

describe(`planted into the gateway, found within ${plantedSeedsMax} seeds`, () => {
  test.each(allPlantings.map((planting) => [planting.fault, planting] as const))(
    "%s",
    async (_fault, planting) => {
      expect(await findPlanted(planting)).toBeDefined();
    },
  );
});
