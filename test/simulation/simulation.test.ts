import { describe, expect, test } from "vitest";
import { replayCommand, runSeeds } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

/** Seeds of the run that every change makes; `npm run proof -- --only simulation` runs 2,000 and more. */
const seeds = 100;

describe("the gateway in a simulated world", () => {
  test(`keeps what it promises in the first ${seeds} seeds`, async () => {
    const { broken } = await runSeeds({ from: 0, seeds });
    const sentences = broken.flatMap(({ seed, violations }) =>
      violations.map(({ fact, found }) => `${replayCommand(seed)}: wanted: ${fact}; ${found[0]}`),
    );
    expect(sentences).toEqual([]);
  });

  test("a seed tells the same story each time, another one another story", async () => {
    const story = await storyOf(7);
    expect(story.length).toBeGreaterThan(500);
    expect(await storyOf(7)).toEqual(story);
    expect(await storyOf(8)).not.toEqual(story);
  });
});

async function storyOf(seed: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await simulate(seed, { write: (line) => lines.push(line) });
  return lines;
}
