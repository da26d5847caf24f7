import { describe, expect, test } from "vitest";
import type { ExperimentPhase, NewExperimentStatus } from "./experiment-status.ts";
import type { ExperimentStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);

const first: ExperimentPhase = {
  number: 1,
  salt: "5a17",
  design: { route: "support", hypothesis: 'it\'s "better" é🚦', variants: { gemini: "50%", argon: "50%" } },
  hashes: { gemini: "0123456789ab", argon: "ba9876543210" },
  configuration: 7,
  startedAtMs: noonMs,
};

const second: ExperimentPhase = { ...first, number: 2, salt: "5a18", startedAtMs: noonMs + 10 };

function testStatus(changes: Partial<NewExperimentStatus> = {}): NewExperimentStatus {
  return {
    experiment: "tone",
    state: "running",
    sinceMs: noonMs,
    phase: first,
    changedAtMs: noonMs + 1,
    changedBy: "admin",
    ...changes,
  };
}

/**
 * What every store of the status of experiments must do.
 * @param emptyStore gives an empty store before each test
 */
export function experimentStoreContract(name: string, emptyStore: () => Promise<ExperimentStore>): void {
  describe(`experiment store: ${name}`, () => {
    test("an empty store has nothing, and says so", async () => {
      const store = await emptyStore();
      expect(await store.read()).toEqual({ epoch: 0, statuses: new Map() });
      expect(await store.epoch()).toBe(0);
      expect(await store.get("tone")).toBeUndefined();
      expect(await store.phases("tone", 10)).toEqual([]);
      expect(await store.transitions("tone", 10)).toEqual([]);
    });

    test("a status comes back as it went in, with its phase and the number of its change", async () => {
      const store = await emptyStore();
      const ended = { ...first, endedAtMs: noonMs + 5 };
      const whole = testStatus({ state: "decided", phase: ended, winner: "argon", why: 'it\'s "so"' });
      const bare = testStatus({ experiment: "other" });
      expect(await store.put(whole, 0)).toEqual({ ...whole, epoch: 1 });
      expect(await store.put(bare, 0)).toEqual({ ...bare, epoch: 2 });
      expect(await store.get("tone")).toEqual({ ...whole, epoch: 1 });
      const { epoch, statuses } = await store.read();
      expect(epoch).toBe(2);
      expect(statuses).toEqual(
        new Map([
          ["tone", { ...whole, epoch: 1 }],
          ["other", { ...bare, epoch: 2 }],
        ]),
      );
    });

    test("a design comes back with its variants in their order: the first one is the control", async () => {
      const store = await emptyStore();
      const kept = await store.put(testStatus(), 0);
      expect(JSON.stringify(kept?.phase.design)).toBe(JSON.stringify(first.design));
    });

    test("a status takes the place of the one that was seen, whole; of another one it does not", async () => {
      const store = await emptyStore();
      await store.put(testStatus({ winner: "argon", why: "first" }), 0);
      const paused = testStatus({ state: "paused" });
      expect(await store.put(paused, 0)).toBeUndefined();
      expect(await store.put(paused, 7)).toBeUndefined();
      expect(await store.epoch()).toBe(1);
      expect(await store.transitions("tone", 10)).toHaveLength(1);
      expect(await store.put(paused, 1)).toEqual({ ...paused, epoch: 2 });
      expect(await store.get("tone")).toEqual({ ...paused, epoch: 2 });
    });

    test("every change is kept, newest first, with who, when, from where to where and why", async () => {
      const store = await emptyStore();
      await store.put(testStatus({ why: "go" }), 0);
      await store.put(testStatus({ phase: second, changedAtMs: noonMs + 10, changedBy: "signalbox" }), 1);
      await store.put(testStatus({ experiment: "other" }), 0);
      const stopped = { state: "stopped" as const, phase: { ...second, endedAtMs: noonMs + 20 } };
      await store.put(testStatus({ ...stopped, changedAtMs: noonMs + 20, why: "enough" }), 2);
      const transitions = [
        { epoch: 4, atMs: noonMs + 20, by: "admin", from: "running", to: "stopped", phase: 2, why: "enough" },
        { epoch: 2, atMs: noonMs + 10, by: "signalbox", from: "running", to: "running", phase: 2 },
        { epoch: 1, atMs: noonMs + 1, by: "admin", from: "draft", to: "running", phase: 1, why: "go" },
      ];
      expect(await store.transitions("tone", 10)).toEqual(transitions);
      expect(await store.transitions("tone", 2)).toEqual(transitions.slice(0, 2));
    });

    test("a phase ends when the next begins, or with the experiment", async () => {
      const store = await emptyStore();
      await store.put(testStatus(), 0);
      expect(await store.phases("tone", 10)).toEqual([first]);
      await store.put(testStatus({ phase: second, changedAtMs: noonMs + 10 }), 1);
      const endedFirst = { ...first, endedAtMs: noonMs + 10 };
      expect(await store.phases("tone", 10)).toEqual([second, endedFirst]);
      const ended = { ...second, endedAtMs: noonMs + 20 };
      await store.put(testStatus({ state: "stopped", phase: ended, changedAtMs: noonMs + 20 }), 2);
      expect(await store.phases("tone", 10)).toEqual([ended, endedFirst]);
      expect(await store.phases("tone", 1)).toEqual([ended]);
    });

    test("phases that ended before a time are known, of all experiments", async () => {
      const store = await emptyStore();
      await store.put(testStatus(), 0);
      await store.put(testStatus({ phase: second, changedAtMs: noonMs + 10 }), 1);
      await store.put(testStatus({ experiment: "other", phase: { ...first, endedAtMs: noonMs + 5 } }), 0);
      await store.put(testStatus({ experiment: "running" }), 0);
      expect(await store.endedBefore(noonMs + 5)).toEqual([]);
      expect(await store.endedBefore(noonMs + 6)).toEqual([{ experiment: "other", phase: 1 }]);
      const both = await store.endedBefore(noonMs + 11);
      expect(both.toSorted((one, other) => (one.experiment < other.experiment ? -1 : 1))).toEqual([
        { experiment: "other", phase: 1 },
        { experiment: "tone", phase: 1 },
      ]);
    });

    test("of many that change one at once exactly one does", async () => {
      const store = await emptyStore();
      const started = await store.put(testStatus(), 0);
      const kept = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          store.put(testStatus({ state: "paused", why: `by ${at}` }), started?.epoch ?? 0),
        ),
      );
      const [winner, ...others] = kept.filter((status) => status !== undefined);
      expect(others).toEqual([]);
      expect(await store.get("tone")).toEqual(winner);
      expect(await store.transitions("tone", 10)).toHaveLength(2);
    });
  });
}
