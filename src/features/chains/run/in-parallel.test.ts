import { expect, test } from "vitest";
import { inParallel } from "./in-parallel.ts";

const signal = new AbortController().signal;

test("results stand in the order of the items, and no more run at once than allowed", async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([3, 1, 2, 5, 4], { concurrency: 2, signal }, async (item) => {
    most = Math.max(most, (running += 1));
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([30, 10, 20, 50, 40]);
  expect(most).toBe(2);
});

test("a failure stops the others, and is thrown when they have ended", async () => {
  const ended: string[] = [];
  const running = inParallel(
    ["slow", "bad", "later"],
    { concurrency: 2, signal },
    async (item, _index, stop) => {
      if (item === "bad") throw new Error("broken");
      await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
      ended.push(item);
    },
  );
  await expect(running).rejects.toThrow("broken");
  expect(ended).toEqual(["slow"]);
});
