import { describe, expect, test } from "vitest";
import { postgresLease } from "#features/gateway/probes/lease.postgres.ts";
import { bothDatabases } from "../support/both-databases.ts";

const databases = bothDatabases("leases");

describe.each(["pglite", "postgres"] as const)("a lease in %s", (kind) => {
  const lease = (name: string, holder: string, lifetimeMs = 60_000) =>
    postgresLease(databases()[kind].kysely, { name, holder, lifetimeMs });

  test("is one holder's at a time, who may keep it", async () => {
    const [one, other] = [lease("one-at-a-time", "one"), lease("one-at-a-time", "other")];
    expect([await one.hold(), await other.hold(), await one.hold()]).toEqual([true, false, true]);
  });

  test("goes to exactly one of many who ask at once", async () => {
    const holders = Array.from({ length: 10 }, (_, index) => lease("many", `holder-${index}`));
    const held = await Promise.all(holders.map((one) => one.hold()));
    expect(held.filter(Boolean)).toHaveLength(1);
  });

  test("given up, it is anybody's; given up by another, it stays", async () => {
    const [one, other] = [lease("given-up", "one"), lease("given-up", "other")];
    expect(await one.hold()).toBe(true);
    await other.release();
    expect(await other.hold()).toBe(false);
    await one.release();
    expect(await other.hold()).toBe(true);
  });

  test("ends by itself when its holder is gone", async () => {
    expect(await lease("ends", "gone", -1).hold()).toBe(true);
    expect(await lease("ends", "next").hold()).toBe(true);
  });

  test("of one name says nothing of another", async () => {
    expect([await lease("name-a", "one").hold(), await lease("name-b", "other").hold()]).toEqual([
      true,
      true,
    ]);
  });
});
