import { expect, test } from "vitest";
import { eventsOfWork } from "./events-of-work.ts";

test("events come in order, then the result; work waits until each is taken", async () => {
  const log: string[] = [];
  const events = eventsOfWork<number, string>(
    async (tell) => {
      for (const event of [1, 2]) {
        await tell(event);
        log.push(`told ${event}`);
      }
      return "done";
    },
    () => log.push("stopped"),
  );
  expect(await events.next()).toEqual({ done: false, value: 1 });
  expect(log).toEqual([]);
  expect(await events.next()).toEqual({ done: false, value: 2 });
  expect(log).toEqual(["told 1"]);
  expect(await events.next()).toEqual({ done: true, value: "done" });
  expect(log).toEqual(["told 1", "told 2", "stopped"]);
});

test("a failure is thrown behind what was told before", async () => {
  const events = eventsOfWork<string, never>(
    async (tell) => {
      await tell("first");
      throw new Error("broken");
    },
    () => undefined,
  );
  expect(await events.next()).toMatchObject({ value: "first" });
  await expect(events.next()).rejects.toThrow("broken");
});

test("a reader that leaves stops the work and waits for its end, several tellers included", async () => {
  const stopping = new AbortController();
  let ended = 0;
  const events = eventsOfWork<number, null>(
    async (tell) => {
      await Promise.all([1, 2, 3].map((event) => tell(event)));
      expect(stopping.signal.aborted).toBe(true);
      ended += 1;
      return null;
    },
    () => stopping.abort(),
  );
  for await (const event of events) if (event === 1) break;
  expect(ended).toBe(1);
});
