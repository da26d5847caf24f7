import { describe, expect, test } from "vitest";
import type { NewExperimentStatus } from "../experiment-status.ts";
import type { KeptVerdict, NewNotification } from "./notification.ts";
import { tooManyWait, waitingMax, type NotificationStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);

const verdict: KeptVerdict = {
  experiment: "tone",
  phase: 1,
  decision: "ship",
  variant: "argon",
  sentence: 'Ship argon: it\'s "better" é🚦',
  changes: 1,
  readAtMs: noonMs,
};

function message(number: number, changes: Partial<NewNotification> = {}): NewNotification {
  return {
    id: `msg_${number}`,
    target: "bot",
    experiment: "tone",
    kind: "experiment.started",
    body: JSON.stringify({ number, text: "it's é🚦" }),
    madeAtMs: noonMs + number,
    ...changes,
  };
}

/** The store under test, and the way in which statuses change beside it. */
export interface NotificationWorld {
  readonly store: NotificationStore;
  readonly change: (status: NewExperimentStatus) => Promise<void>;
}

/**
 * What every store of notifications must do.
 * @param emptyWorld gives an empty one before each test
 */
export function notificationStoreContract(name: string, emptyWorld: () => Promise<NotificationWorld>): void {
  const emptyStore = async () => (await emptyWorld()).store;

  describe(`notification store: ${name}`, () => {
    test("an empty store has nothing, and says so", async () => {
      const store = await emptyStore();
      expect(await store.cursor()).toBeUndefined();
      expect(await store.newestChange()).toBe(0);
      expect(await store.changesAfter(0, 10)).toEqual([]);
      expect(await store.verdicts()).toEqual(new Map());
      expect(await store.waiting("bot", 10)).toEqual([]);
      expect(await store.waitingTargets()).toEqual([]);
      expect(await store.newest("tone", 10)).toEqual([]);
    });

    test("messages come back as they went in, in their order, each address its own", async () => {
      const store = await emptyStore();
      await store.keepChanges(3, [message(1), message(2), message(1, { target: "desk" })]);
      expect(await store.cursor()).toBe(3);
      const waiting = await store.waiting("bot", 10);
      expect(waiting).toMatchObject([message(1), message(2)].map((one) => ({ ...one, state: "waiting" })));
      expect(waiting[0]).toMatchObject({ attempts: 0, atMs: noonMs + 1 });
      expect(waiting[0]).not.toHaveProperty("failure");
      expect(await store.waiting("bot", 1)).toHaveLength(1);
      expect(await store.waitingTargets()).toEqual(["bot", "desk"]);
      expect((await store.newest("tone", 2)).map(({ id, target }) => [id, target])).toEqual([
        ["msg_1", "desk"],
        ["msg_2", "bot"],
      ]);
      expect(await store.newest("other", 2)).toEqual([]);
    });

    test("a message is kept once, and the cursor never goes back", async () => {
      const store = await emptyStore();
      await store.keepChanges(5, [message(1)]);
      await store.settle(message(1), { state: "delivered", attempts: 1, atMs: noonMs + 9 });
      await store.keepChanges(4, [message(1), message(2)]);
      expect(await store.cursor()).toBe(5);
      expect((await store.newest("tone", 10)).map(({ id, state }) => [id, state])).toEqual([
        ["msg_2", "waiting"],
        ["msg_1", "delivered"],
      ]);
      await store.forgetCursor();
      expect(await store.cursor()).toBeUndefined();
    });

    test("what became of a message is kept, with why it was not taken", async () => {
      const store = await emptyStore();
      await store.keepChanges(1, [message(1)]);
      const failed = {
        state: "waiting" as const,
        attempts: 1,
        atMs: noonMs + 7_000,
        failure: "answered 503",
      };
      await store.settle(message(1), failed);
      expect(await store.waiting("bot", 10)).toMatchObject([failed]);
      await store.settle(message(1), { state: "delivered", attempts: 2, atMs: noonMs + 8_000 });
      const [delivered] = await store.newest("tone", 1);
      expect(delivered).toMatchObject({ state: "delivered", attempts: 2, atMs: noonMs + 8_000 });
      expect(delivered).not.toHaveProperty("failure");
      expect(await store.waitingTargets()).toEqual([]);
    });

    test("a verdict takes the place of the former one, with the messages of its change", async () => {
      const store = await emptyStore();
      await store.keepVerdict(verdict, [message(1)]);
      expect(await store.verdicts()).toEqual(new Map([["tone", verdict]]));
      const { variant: _variant, ...bare } = verdict;
      const next: KeptVerdict = { ...bare, decision: "keep-running", sentence: "Keep running", changes: 2 };
      await store.keepVerdict(next, []);
      await store.keepVerdict({ ...verdict, experiment: "other" }, []);
      expect((await store.verdicts()).get("tone")).toEqual(next);
      expect((await store.verdicts()).size).toBe(2);
      expect(await store.waiting("bot", 10)).toHaveLength(1);
    });

    test("changes of experiments are read in their order, from one on", async () => {
      const { store, change } = await emptyWorld();
      const phase = {
        number: 1,
        salt: "5a17",
        design: { route: "support" },
        hashes: { gemini: "0123456789ab", argon: "ba9876543210" },
        configuration: 7,
        startedAtMs: noonMs,
      };
      const status = { phase, sinceMs: noonMs, changedAtMs: noonMs + 1, changedBy: "admin" };
      await change({ ...status, experiment: "tone", state: "running", why: "go" });
      await change({ ...status, experiment: "other", state: "running" });
      await change({ ...status, experiment: "tone", state: "paused", changedAtMs: noonMs + 2 });
      expect(await store.newestChange()).toBe(3);
      expect(await store.changesAfter(0, 1)).toEqual([
        {
          experiment: "tone",
          epoch: 1,
          atMs: noonMs + 1,
          by: "admin",
          from: "draft",
          to: "running",
          phase: 1,
          why: "go",
        },
      ]);
      expect((await store.changesAfter(1, 10)).map(({ experiment, to }) => [experiment, to])).toEqual([
        ["other", "running"],
        ["tone", "paused"],
      ]);
    });

    test("of too many that wait the oldest are given up, and what was over long ago is forgotten", async () => {
      const store = await emptyStore();
      const many = Array.from({ length: waitingMax + 2 }, (_, number) => message(number));
      await store.keepChanges(1, many);
      await store.tidy("bot", noonMs);
      expect(await store.waiting("bot", 2_000)).toHaveLength(waitingMax);
      const oldest = (await store.newest("tone", 2_000)).slice(-2);
      expect(oldest).toMatchObject([
        { id: "msg_1", state: "given-up", failure: tooManyWait },
        { id: "msg_0", state: "given-up", failure: tooManyWait },
      ]);
      await store.tidy("bot", noonMs + 1);
      expect((await store.newest("tone", 2_000)).slice(-1)).toMatchObject([{ id: "msg_1" }]);
    });
  });
}
