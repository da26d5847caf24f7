import { describe, expect, test } from "vitest";
import { breakableStore, configurationText, replica, shares } from "./configuration.test-support.ts";

async function started(
  store = breakableStore().store,
  options: Omit<Parameters<typeof replica>[0], "store"> = {},
) {
  const here = replica({ store, ...options });
  await here.keeper.start();
  return here;
}

const byAdmin = { appliedBy: "admin" };

describe("a configuration that is applied", () => {
  test("is in force at once, as a version with its parent, its author and its comment", async () => {
    const { service, share, events } = await started();
    const applied = await service.apply(configurationText("30%"), { ...byAdmin, base: "1", comment: "why" });
    expect(applied).toMatchObject({
      change: "applied",
      version: { number: 2, parent: 1, source: "api", appliedBy: "admin", comment: "why" },
      changes: [{ text: "route support: variant support-flash 80% -> 70%" }, {}],
    });
    expect(share()).toEqual(shares("30%"));
    expect(service.inForce().version).toEqual(applied.version);
    expect(events.at(-1)).toMatchObject({ kind: "configuration-in-force", number: 2, why: "applied" });
  });

  test("twice makes no second version, and says so, on whatever base", async () => {
    const { service } = await started();
    const text = configurationText("30%");
    const first = await service.apply(text, { ...byAdmin, base: "1" });
    const again = await service.apply(`# the same\n${text}`, { ...byAdmin, base: "1" });
    expect(again).toEqual({ change: "unchanged", version: first.version, changes: [] });
    expect(await service.history({ limit: 9 })).toHaveLength(2);
  });

  test("on a version that is not the newest any more is refused, with both named", async () => {
    const { service, share } = await started();
    const { base } = await service.plan(configurationText("40%"));
    const { version } = await service.apply(configurationText("30%"), byAdmin);
    await expect(
      service.apply(configurationText("40%"), { ...byAdmin, base: base.version }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: `Cannot apply the configuration: version ${base.version} is wanted as the newest, it is version 2 (${version.version}), applied by admin at 2026-11-25T00:00:00.000Z; plan again`,
    });
    await expect(service.apply(configurationText("40%"), { ...byAdmin, base: "1" })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(service.apply(configurationText("40%"), { ...byAdmin, base: "x" })).rejects.toMatchObject({
      code: "invalid-request",
    });
    expect(share()).toEqual(shares("30%"));
  });

  test("and is none is refused with every problem and its line; what was in force stays", async () => {
    const { service, share } = await started();
    const text = configurationText("30%")
      .replace("model: gemini-3.8-flash", "modell: x")
      .replace("KEY", "NONE");
    await expect(service.apply(text, byAdmin)).rejects.toMatchObject({
      code: "invalid-configuration",
      problems: [
        { line: 3, keyPath: "providers.google.api_key" },
        { line: 5 },
        { line: 5, keyPath: "deployments.flash.modell" },
      ],
    });
    await expect(service.plan(`# ${"x".repeat(1_100_000)}`)).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringContaining("wanted a file of at most 1 MiB, got 1.0 MiB"),
    });
    expect(share()).toEqual(shares("20%"));
    expect(await service.history({ limit: 9 })).toHaveLength(1);
  });

  test("and cannot be in force here leaves no version behind", async () => {
    const here = await started();
    here.refusal = "Cannot emulate";
    await expect(here.service.apply(configurationText("30%"), byAdmin)).rejects.toThrow("Cannot emulate");
    expect(await here.service.history({ limit: 9 })).toHaveLength(1);
  });

  test("while the store is away fails as one that may pass; what was in force stays", async () => {
    const world = breakableStore();
    const { service, share } = await started(world.store);
    world.isAway = true;
    await expect(service.apply(configurationText("30%"), byAdmin)).rejects.toMatchObject({ retryable: true });
    expect(share()).toEqual(shares("20%"));
    world.isAway = false;
    await service.apply(configurationText("30%"), byAdmin);
    expect(share()).toEqual(shares("30%"));
  });
});

describe("going back", () => {
  test("makes a new version with the old content", async () => {
    const { service, share } = await started();
    await service.apply(configurationText("30%"), byAdmin);
    const back = await service.rollback("1", { ...byAdmin, base: "2", comment: "errors" });
    expect(back).toMatchObject({
      change: "applied",
      version: { number: 3, parent: 2, restores: 1, source: "rollback", comment: "errors" },
    });
    expect(share()).toEqual(shares("20%"));
    expect(await service.changesOf("3")).toMatchObject({
      version: { text: configurationText("20%") },
      changes: [{ text: "route support: variant support-flash 70% -> 80%" }, {}],
    });
  });

  test("to what is in force changes nothing", async () => {
    const { service } = await started();
    expect(await service.rollback("1", byAdmin)).toMatchObject({
      change: "unchanged",
      version: { number: 1 },
    });
  });

  test("to a version that never was, or on a stale base, is refused", async () => {
    const { service } = await started();
    await service.apply(configurationText("30%"), byAdmin);
    await expect(service.rollback("7", byAdmin)).rejects.toMatchObject({ code: "not-found" });
    await expect(service.rollback("aaaaaaaaaaaa", byAdmin)).rejects.toMatchObject({ code: "not-found" });
    await expect(service.rollback("seven", byAdmin)).rejects.toMatchObject({ code: "invalid-request" });
    await expect(service.rollback("1", { ...byAdmin, base: "1" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("to a version that does not load any more is refused, with what is missing", async () => {
    const { store } = breakableStore();
    const variables: Record<string, string> = { KEY: "sk-secret", OLD_KEY: "sk-old" };
    const first = await started(store, {
      file: { text: configurationText("20%").replace("${KEY}", "${OLD_KEY}") },
      variables,
    });
    await first.service.apply(configurationText("30%"), byAdmin);
    delete variables["OLD_KEY"];
    await expect(first.service.rollback("1", byAdmin)).rejects.toMatchObject({
      code: "invalid-configuration",
      message: expect.stringMatching(
        /^Cannot roll back to version 1 \([0-9a-f]{12}\):\n {2}version 1 \([0-9a-f]{12}\):3:\d+ providers.google.api_key: wanted the environment variable OLD_KEY/,
      ),
    });
    expect(first.share()).toEqual(shares("30%"));
  });
});

describe("two processes on one store", () => {
  test("have the same in force as soon as the other one looks", async () => {
    const { store } = breakableStore();
    const [one, other] = [await started(store), await started(store)];
    await one.service.apply(configurationText("30%"), byAdmin);
    expect(other.share()).toEqual(shares("20%"));
    await other.service.follow();
    expect(other.share()).toEqual(shares("30%"));
    expect(other.events.at(-1)).toMatchObject({ why: "followed", number: 2 });
    const before = other.service.inForce();
    await other.service.follow();
    expect(other.service.inForce()).toBe(before);
  });

  test("that apply at once on the same base: exactly one does", async () => {
    const { store } = breakableStore();
    const [one, other] = [await started(store), await started(store)];
    const outcomes = await Promise.allSettled([
      one.service.apply(configurationText("30%"), { ...byAdmin, base: "1" }),
      other.service.apply(configurationText("40%"), { ...byAdmin, base: "1" }),
    ]);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toMatchObject([{ reason: { code: "conflict" } }]);
    await Promise.all([one.service.follow(), other.service.follow()]);
    expect(one.share()).toEqual(other.share());
    expect((await store.head()).number).toBe(2);
  });

  test("plan on the newest version, also where it is not in force yet", async () => {
    const { store } = breakableStore();
    const [one, other] = [await started(store), await started(store)];
    await one.service.apply(configurationText("30%"), byAdmin);
    expect(await other.service.plan(configurationText("40%"))).toMatchObject({
      base: { number: 2 },
      changes: [{ text: "route support: variant support-flash 70% -> 60%" }, {}],
    });
    expect(await other.service.apply(configurationText("30%"), byAdmin)).toMatchObject({
      change: "unchanged",
    });
    expect(other.share()).toEqual(shares("30%"));
  });

  test("one of which lacks a variable keeps what it has, and says so once, until there is something it can", async () => {
    const { store } = breakableStore();
    const file = { text: configurationText("20%") };
    const one = await started(store, { file, variables: { KEY: "sk-a", OTHER: "sk-b" } });
    const other = await started(store, { file });
    await one.service.apply(configurationText("30%").replace("${KEY}", "${OTHER}"), byAdmin);
    await other.service.follow();
    await other.service.follow();
    expect(other.share()).toEqual(shares("20%"));
    expect(other.service.refused).toMatchObject({ number: 2, problem: expect.stringContaining("OTHER") });
    expect(other.events.filter(({ kind }) => kind === "configuration-refused")).toHaveLength(1);
    await one.service.apply(configurationText("40%"), byAdmin);
    await other.service.follow();
    expect(other.share()).toEqual(shares("40%"));
    expect(other.service.refused).toBeUndefined();
  });

  test("hear of each other's status", async () => {
    const { store } = breakableStore();
    const [one, other] = [await started(store), await started(store)];
    const { statusEpoch } = other.service.inForce();
    await one.service.observe({ key: "drained", value: ["flash"], changedAtMs: 0 });
    await other.service.follow();
    expect(other.service.inForce().statusEpoch).toBe(statusEpoch + 1);
    expect(other.service.inForce().version.number).toBe(1);
  });

  test("go on when the store is away, and follow when it is back", async () => {
    const world = breakableStore();
    const [one, other] = [await started(world.store), await started(world.store)];
    await one.service.apply(configurationText("30%"), byAdmin);
    world.isAway = true;
    for (let times = 0; times < 3; times++) await other.service.follow();
    expect(other.events.filter(({ kind }) => kind === "configuration-store-failed")).toMatchObject([
      { what: "follow", error: { code: "store-unavailable" } },
    ]);
    world.isAway = false;
    await other.service.follow();
    expect(other.share()).toEqual(shares("30%"));
  });
});

test("no event and no version holds a key", async () => {
  const { store } = breakableStore();
  const { service, events } = await started(store);
  await service.apply(configurationText("30%"), byAdmin);
  const told = JSON.stringify([events, await service.changesOf("1"), await service.changesOf("2")]);
  expect(told).not.toContain("sk-secret");
});
