import { describe, expect, test } from "vitest";
import type { NewVersion } from "./configuration-version.ts";
import type { ConfigurationStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);

function testVersion(number: number, changes: Partial<NewVersion> = {}): NewVersion {
  return {
    version: String(number).padStart(12, "a"),
    text: `version: 1\n# ${number} "é🚦" \${KEY} it's\n`,
    appliedAtMs: noonMs + number,
    appliedBy: "admin",
    source: "api",
    ...(number > 1 && { parent: number - 1 }),
    ...changes,
  };
}

/**
 * What every store of configurations must do.
 * @param emptyStore gives an empty store before each test
 */
export function configurationStoreContract(
  name: string,
  emptyStore: () => Promise<ConfigurationStore>,
): void {
  describe(`configuration store: ${name}`, () => {
    test("an empty store has nothing, and says so", async () => {
      const store = await emptyStore();
      expect(await store.head()).toEqual({ number: 0, statusEpoch: 0 });
      expect(await store.newest()).toBeUndefined();
      expect(await store.get({ number: 1 })).toBeUndefined();
      expect(await store.get({ version: "aaaaaaaaaaa1" })).toBeUndefined();
      expect(await store.list({ limit: 5 })).toEqual([]);
      expect(await store.status("file")).toBeUndefined();
    });

    test("versions come back as they went in, numbered one after another", async () => {
      const store = await emptyStore();
      const first = testVersion(1);
      const second = testVersion(2, { source: "rollback", comment: 'back, "now"', restores: 1 });
      expect(await store.append(first)).toEqual({ ...first, number: 1 });
      expect(await store.append(second)).toEqual({ ...second, number: 2 });
      expect(await store.newest()).toEqual({ ...second, number: 2 });
      expect(await store.get({ number: 1 })).toEqual({ ...first, number: 1 });
      expect(await store.head()).toEqual({ number: 2, statusEpoch: 0 });
    });

    test("a version of a parent that is not the newest is not kept", async () => {
      const store = await emptyStore();
      await store.append(testVersion(1));
      await store.append(testVersion(2));
      expect(await store.append(testVersion(2))).toBeUndefined();
      expect(await store.append(testVersion(1))).toBeUndefined();
      expect(await store.append(testVersion(9))).toBeUndefined();
      expect((await store.head()).number).toBe(2);
    });

    test("of many that come at once on one parent exactly one is kept", async () => {
      const store = await emptyStore();
      await store.append(testVersion(1));
      const kept = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.append(testVersion(2, { comment: `by ${at}` }))),
      );
      const [winner, ...others] = kept.filter((version) => version !== undefined);
      expect(others).toEqual([]);
      expect(await store.newest()).toEqual(winner);
    });

    test("a name of content means the newest version that has it", async () => {
      const store = await emptyStore();
      await store.append(testVersion(1, { version: "aaaaaaaaaaaa" }));
      await store.append(testVersion(2));
      await store.append(testVersion(3, { version: "aaaaaaaaaaaa" }));
      expect(await store.get({ version: "aaaaaaaaaaaa" })).toMatchObject({ number: 3 });
    });

    test("a list is newest first, in pages, without the texts", async () => {
      const store = await emptyStore();
      for (let number = 1; number <= 5; number++) await store.append(testVersion(number));
      const page = await store.list({ limit: 2 });
      expect(page.map(({ number }) => number)).toEqual([5, 4]);
      expect(page[0]).not.toHaveProperty("text");
      expect((await store.list({ limit: 2, before: 4 })).map(({ number }) => number)).toEqual([3, 2]);
      expect((await store.list({ limit: 9, before: 2 })).map(({ number }) => number)).toEqual([1]);
    });

    test("the status counts its changes; the same value again is none", async () => {
      const store = await emptyStore();
      const file = { key: "file", value: { version: "a", problem: 'it\'s "odd"' }, changedAtMs: noonMs };
      expect(await store.observe(file)).toBe(1);
      expect(await store.observe({ ...file, changedAtMs: noonMs + 1 })).toBe(1);
      expect(await store.status("file")).toEqual({ ...file, epoch: 1 });
      expect(await store.observe({ key: "other", value: [1, null], changedAtMs: noonMs })).toBe(2);
      expect(await store.observe({ ...file, value: { version: "b" } })).toBe(3);
      expect(await store.status("file")).toMatchObject({ value: { version: "b" }, epoch: 3 });
      expect(await store.head()).toEqual({ number: 0, statusEpoch: 3 });
    });

    test("every change of the status has its own number, however many come at once", async () => {
      const store = await emptyStore();
      const epochs = await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          store.observe({ key: `key ${at % 4}`, value: at, changedAtMs: noonMs }),
        ),
      );
      expect(epochs.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test("what is observed with a version is kept with it, or not at all", async () => {
      const store = await emptyStore();
      const observed = (value: string) => ({ key: "file", value, changedAtMs: noonMs });
      await store.append(testVersion(1), observed("one"));
      expect(await store.append(testVersion(1), observed("stale"))).toBeUndefined();
      expect(await store.status("file")).toMatchObject({ value: "one" });
      expect(await store.head()).toEqual({ number: 1, statusEpoch: 1 });
    });
  });
}
