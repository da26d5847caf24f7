import { describe, expect, test } from "vitest";
import { violationsOf } from "./checkers/all-checkers.ts";
import { simulate } from "./simulate.ts";

/** Seeds of the run that every change makes; `npm run proof -- --only simulation` runs 2,000 and more. */
const seeds = 100;

describe("the gateway in a simulated world", () => {
  test(`keeps what it promises in the first ${seeds} seeds`, async () => {
    const broken: string[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      for (const { fact, found } of violationsOf(await simulate(seed)))
        broken.push(`npm run simulate -- --seed ${seed}: wanted: ${fact}; ${found[0]}`);
    }
    expect(broken).toEqual([]);
  });

  test("a seed tells the same story each time", async () => {
    expect(await storyOf(7)).toEqual(await storyOf(7));
  });

  test("two seeds tell two stories", async () => {
    expect(await storyOf(7)).not.toEqual(await storyOf(8));
  });
});

async function storyOf(seed: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await simulate(seed, { write: (line) => lines.push(line) });
  return lines;
}
