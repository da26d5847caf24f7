import { describe, expect, test } from "vitest";
import type { NewDeploymentStatus } from "./deployment-status.ts";
import type { DeploymentStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);

function testStatus(changes: Partial<NewDeploymentStatus> = {}): NewDeploymentStatus {
  return {
    deployment: "flash",
    state: "draining",
    sinceMs: noonMs,
    changedAtMs: noonMs + 1,
    changedBy: "admin",
    ...changes,
  };
}

const report = {
  startedAtMs: noonMs,
  durationMs: 12.5,
  lines: [
    {
      check: "text" as const,
      outcome: "failed" as const,
      durationMs: 12.5,
      detail: 'it\'s "odd" é🚦',
      requestIds: ["a"],
    },
  ],
};

const registered = { provider: "google", model: "gemini-3.8-flash", route: { name: "chat", share: 0.05 } };

/**
 * What every store of the status of deployments must do.
 * @param emptyStore gives an empty store, whose clock stands still or runs, before each test
 */
export function deploymentStoreContract(name: string, emptyStore: () => Promise<DeploymentStore>): void {
  describe(`deployment store: ${name}`, () => {
    test("an empty store has nothing, and says so", async () => {
      const store = await emptyStore();
      expect(await store.read()).toEqual({ epoch: 0, statuses: new Map() });
      expect(await store.epoch()).toBe(0);
      expect(await store.get("flash")).toBeUndefined();
      expect(await store.remove("flash", 0)).toBe(false);
      expect(await store.epoch()).toBe(0);
    });

    test("a status comes back as it went in, with the number of its change", async () => {
      const store = await emptyStore();
      const whole = testStatus({ weight: 0.25, why: 'it\'s "slow"', registered, report });
      const bare = testStatus({ deployment: "lite", state: "ready" });
      delete (bare as { sinceMs?: number }).sinceMs;
      expect(await store.put(whole, 0)).toEqual({ ...whole, epoch: 1 });
      expect(await store.put(bare, 0)).toEqual({ ...bare, epoch: 2 });
      expect(await store.get("flash")).toEqual({ ...whole, epoch: 1 });
      const { epoch, statuses } = await store.read();
      expect(epoch).toBe(2);
      expect([...statuses.values()].toSorted((one, other) => one.epoch - other.epoch)).toEqual([
        { ...whole, epoch: 1 },
        { ...bare, epoch: 2 },
      ]);
    });

    test("a status takes the place of the one that was seen, whole; of another one it does not", async () => {
      const store = await emptyStore();
      await store.put(testStatus({ weight: 2, why: "first", report }), 0);
      expect(await store.put(testStatus({ state: "ready" }), 0)).toBeUndefined();
      expect(await store.put(testStatus({ state: "ready" }), 7)).toBeUndefined();
      expect(await store.epoch()).toBe(1);
      expect(await store.put(testStatus({ state: "ready" }), 1)).toEqual({
        ...testStatus({ state: "ready" }),
        epoch: 2,
      });
      expect(await store.get("flash")).toEqual({ ...testStatus({ state: "ready" }), epoch: 2 });
    });

    test("of many that change one at once exactly one does", async () => {
      const store = await emptyStore();
      const first = await store.put(testStatus(), 0);
      const kept = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.put(testStatus({ why: `by ${at}` }), first?.epoch ?? 0)),
      );
      const [winner, ...others] = kept.filter((status) => status !== undefined);
      expect(others).toEqual([]);
      expect(await store.get("flash")).toEqual(winner);
    });

    test("changes of several at once each have a number of their own", async () => {
      const store = await emptyStore();
      const kept = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.put(testStatus({ deployment: `d${at}` }), 0)),
      );
      const epochs = kept.map((status) => status?.epoch ?? 0).toSorted((one, other) => one - other);
      expect(epochs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test("forgetting one is a change too, and only of the one that was seen", async () => {
      const store = await emptyStore();
      await store.put(testStatus(), 0);
      expect(await store.remove("flash", 9)).toBe(false);
      expect(await store.remove("flash", 1)).toBe(true);
      expect(await store.read()).toEqual({ epoch: 2, statuses: new Map() });
      expect(await store.put(testStatus(), 0)).toMatchObject({ epoch: 3 });
    });

    test("what others have under way is what each said last, while it is fresh", async () => {
      const store = await emptyStore();
      await store.reportUnderWay({ process: "a", deployment: "flash", count: 5 });
      await store.reportUnderWay({ process: "a", deployment: "flash", count: 2 });
      await store.reportUnderWay({ process: "b", deployment: "flash", count: 1 });
      await store.reportUnderWay({ process: "b", deployment: "lite", count: 9 });
      expect(await store.underWayElsewhere("flash", { process: "c", freshMs: 60_000 })).toBe(3);
      expect(await store.underWayElsewhere("flash", { process: "a", freshMs: 60_000 })).toBe(1);
      expect(await store.underWayElsewhere("flash", { process: "c", freshMs: 0 })).toBe(0);
      await store.forgetUnderWay("flash");
      expect(await store.underWayElsewhere("flash", { process: "c", freshMs: 60_000 })).toBe(0);
      expect(await store.underWayElsewhere("lite", { process: "c", freshMs: 60_000 })).toBe(9);
      expect(await store.epoch()).toBe(0);
    });
  });
}
