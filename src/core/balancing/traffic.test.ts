import { expect, test } from "vitest";
import { DeploymentLoad, type Waiting } from "./deployment-load.ts";
import { pick } from "./pick.ts";

/** A deployment whose time to the first content does not depend on what waits there. */
interface Deployment {
  readonly weight: number;
  /** On average; each request takes from half of it to one and a half. */
  readonly contentMs: number;
}

/** Numbers in [0, 1), the same in every run: a linear congruential generator (Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Plays requests that come at a steady rate; tells when each deployment was asked, ms. */
function play(deployments: readonly Deployment[], { everyMs, forMs }: { everyMs: number; forMs: number }) {
  const pool = deployments.map((deployment) => ({ ...deployment, load: new DeploymentLoad() }));
  const chance = seeded(7);
  const askedMs: number[][] = pool.map(() => []);
  const open: {
    readonly index: number;
    readonly waiting: Waiting;
    readonly contentMs: number;
    readonly dueMs: number;
  }[] = [];
  for (let request = 0; request * everyMs < forMs; request++) {
    const nowMs = request * everyMs;
    for (const one of open.filter(({ dueMs }) => dueMs <= nowMs)) {
      pool[one.index]?.load.answered(one.waiting, one.contentMs, one.dueMs);
      open.splice(open.indexOf(one), 1);
    }
    const candidates = pool.map(({ weight, load }) => ({
      weight,
      share: 1,
      costMs: load.costMs(nowMs),
      inFlight: load.inFlight,
      state: "ready" as const,
      availableAtMs: 0,
    }));
    const picked = pick(candidates, { nowMs, draws: [chance(), chance()], waitMsMax: 0 });
    const chosen = picked.kind === "go" ? pool[picked.index] : undefined;
    if (picked.kind !== "go" || chosen === undefined) throw new Error("somebody can be asked");
    askedMs[picked.index]?.push(nowMs);
    const contentMs = chosen.contentMs * (0.5 + chance());
    open.push({ index: picked.index, waiting: chosen.load.began(1), contentMs, dueMs: nowMs + contentMs });
  }
  return askedMs;
}

test.each([
  // With few requests the one that was not asked for longest looks best, which evens the weights out somewhat.
  { everyMs: 500, what: "one at a time", errorMax: 0.1 },
  { everyMs: 100, what: "a few at once", errorMax: 0.03 },
  { everyMs: 5, what: "a hundred at once", errorMax: 0.03 },
])("equal deployments get traffic by weight, $what", ({ everyMs, errorMax }) => {
  const pool = [3, 1, 2, 2].map((weight) => ({ weight, contentMs: 500 }));
  const asked = play(pool, { everyMs, forMs: 20_000 * everyMs });
  for (const [index, { weight }] of pool.entries())
    expect(Math.abs((asked[index]?.length ?? 0) / 20_000 - weight / 8)).toBeLessThan(errorMax);
});

test("equal deployments keep equal shares: none is preferred for a while for the chance in its average", () => {
  const asked = play(
    [100, 100, 100].map((contentMs) => ({ weight: 1, contentMs })),
    { everyMs: 20, forMs: 600_000 },
  );
  for (const times of asked)
    for (let minute = 0; minute < 10; minute++) {
      const count = times.filter((atMs) => Math.floor(atMs / 60_000) === minute).length;
      expect(Math.abs(count / 1_000 - 1)).toBeLessThan(0.1);
    }
});

test("two requests a minute go to all of them: nothing is known for so long", () => {
  const pool = [3, 1].map((weight) => ({ weight, contentMs: 500 }));
  const asked = play(pool, { everyMs: 30_000, forMs: 2_000 * 30_000 });
  for (const { length } of asked) expect(length).toBeGreaterThan(2_000 * 0.2);
});

test("nobody starves: one that is 20 times slower is asked in every minute", () => {
  const asked = play(
    [200, 200, 200, 4_000].map((contentMs) => ({ weight: 1, contentMs })),
    { everyMs: 50, forMs: 600_000 },
  );
  const slow = asked[3] ?? [];
  for (let minute = 0; minute < 10; minute++)
    expect(slow.some((atMs) => Math.floor(atMs / 60_000) === minute)).toBe(true);
  // And not much more: it would be felt.
  expect(slow.length).toBeLessThan(12_000 * 0.02);
});
