import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAvailable } from "#core/balancing/candidate.ts";
import { pick } from "#core/balancing/pick.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { breakerDefaults } from "./breaker.ts";
import { ConcurrencyLimit, concurrencyDefaults } from "./concurrency-limit.ts";
import { Cooldowns } from "./cooldowns.ts";
import { attempt, endOf, exampleHealth, exampleRequest, shown } from "./deployment-health.fixture.ts";
import type { HealthAttempt, HealthEnd } from "./deployment-health.ts";
import { Headroom } from "./headroom.ts";

const startMs = 1_000_000;
const limited: UpstreamFailure = { kind: "rate-limited", message: "slow down", retryAfterMs: 20_000 };
const broken: UpstreamFailure = { kind: "server-error", status: 500, message: "oops" };
const refused: UpstreamFailure = { kind: "invalid-request", status: 400, message: "no" };

/** A health whose breaker has just opened. */
function opened() {
  const health = exampleHealth();
  for (let failure = 0; failure < breakerDefaults.failuresInRow; failure += 1)
    attempt(health, endOf(broken), startMs);
  const { openUntilMs } = health.view(startMs).breaker;
  if (openUntilMs === undefined) throw new Error("The breaker did not open");
  return { health, openUntilMs };
}

describe("cooldowns", () => {
  const cooldowns = new Cooldowns();
  const keys = { credential: "credential google", quota: "quota google flash" };
  const named = (deployment: string, other: Partial<typeof keys> = {}) =>
    exampleHealth(deployment, { cooldowns, keys: { deployment, ...keys, ...other } });

  test("of a quota keep away all deployments of that quota, and no others of the credential", () => {
    const [first, same, other] = [named("first"), named("same"), named("other", { quota: "quota pro" })];
    attempt(first, endOf(limited), startMs);
    expect(
      [first, same].map((health) => isAvailable(shown(health, startMs + 19_999), startMs + 19_999)),
    ).toEqual([false, false]);
    expect(isAvailable(shown(other, startMs), startMs)).toBe(true);
    expect(isAvailable(shown(same, startMs + 20_000), startMs + 20_000)).toBe(true);
    expect(same.view(startMs).coolingUntilMs).toBe(startMs + 20_000);
    expect(same.view(startMs + 20_000)).not.toHaveProperty("coolingUntilMs");
  });

  test("of a credential keep away everything that is called with it, and nothing else", () => {
    const atMs = startMs + 60_000;
    const [first, same] = [named("first"), named("same", { quota: "quota pro" })];
    const other = named("other", { credential: "credential openai", quota: "quota openai" });
    attempt(first, endOf({ kind: "credential", status: 401, message: "bad key" }), atMs);
    expect([first, same, other].map((health) => isAvailable(shown(health, atMs), atMs))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("an open breaker", () => {
  test("keeps requests away until its time, and shows when that is", () => {
    const { health, openUntilMs } = opened();
    expect(shown(health, startMs)).toMatchObject({ state: "unavailable", availableAtMs: openUntilMs });
    expect(isAvailable(shown(health, openUntilMs), openUntilMs)).toBe(true);
  });

  test("lets no more in than its probes when it is half-open, and others wait for one of them to end", () => {
    const { health, openUntilMs } = opened();
    const nowMs = openUntilMs;
    const probes: HealthAttempt[] = [];
    while (isAvailable(shown(health, nowMs), nowMs) && probes.length < 10)
      probes.push(health.began(exampleRequest, nowMs));
    expect(probes).toHaveLength(breakerDefaults.probes);
    // Not as the last resort either: the time of the next try is in the future.
    expect(pick([shown(health, nowMs)], { nowMs, draws: [0, 0], waitMsMax: 0 })).toMatchObject({
      kind: "none",
    });
    const [left] = probes;
    if (left) health.ended(left, endOf("aborted"), nowMs, 0);
    expect(isAvailable(shown(health, nowMs), nowMs)).toBe(true);
  });

  test("closes when its probes have passed, and the deployment begins with a tenth of its traffic", () => {
    const { health, openUntilMs } = opened();
    for (let probe = 0; probe < breakerDefaults.probes; probe += 1)
      attempt(health, endOf("completed", 100), openUntilMs);
    expect(health.view(openUntilMs)).toMatchObject({ breaker: { state: "closed" }, share: 0.1 });
    const shares = [15_000, 30_000, 45_000].map((ms) => health.view(openUntilMs + ms).share);
    expect(shares).toEqual([0.25, 0.5, 1]);
  });

  test("opens again at one probe that is refused, and nothing is re-entered", () => {
    const { health, openUntilMs } = opened();
    attempt(health, endOf(limited), openUntilMs);
    expect(health.view(openUntilMs)).toMatchObject({ breaker: { state: "open", openings: 2 }, share: 1 });
  });
});

describe("an unbilled call", () => {
  const passed = (health: ReturnType<typeof exampleHealth>, nowMs: number) =>
    health.probed("passed", nowMs, 0);

  test("that passes is one of the probes of a half-open breaker", () => {
    const { health, openUntilMs } = opened();
    expect([startMs, openUntilMs].map((nowMs) => health.probeState(nowMs))).toEqual(["open", "half-open"]);
    passed(health, openUntilMs);
    attempt(health, endOf("completed", 100), openUntilMs);
    expect(health.view(openUntilMs).breaker.state).toBe("half-open");
    passed(health, openUntilMs);
    expect(health.view(openUntilMs)).toMatchObject({ breaker: { state: "closed" }, share: 0.1 });
  });

  test("that passes tells a closed breaker nothing, and no open one", () => {
    const health = exampleHealth();
    for (let failure = 1; failure < breakerDefaults.failuresInRow; failure += 1)
      attempt(health, endOf(broken), startMs);
    passed(health, startMs);
    attempt(health, endOf(broken), startMs);
    for (let probe = 0; probe < breakerDefaults.probes; probe += 1) passed(health, startMs);
    expect(health.view(startMs).breaker.state).toBe("open");
  });

  test("that fails counts like a request's failure, and takes its time of staying away to heart", () => {
    const health = exampleHealth();
    for (let failure = 0; failure < breakerDefaults.failuresInRow; failure += 1)
      health.probed(broken, startMs, 0);
    expect(health.view(startMs).breaker).toMatchObject({ state: "open", reason: "failures-in-row" });
    const other = exampleHealth();
    other.probed(limited, startMs, 0);
    expect(other.view(startMs).coolingUntilMs).toBe(startMs + 20_000);
    expect([startMs, startMs + 20_000].map((nowMs) => other.probeState(nowMs))).toEqual(["open", "closed"]);
  });

  test("is no traffic, and an attempt's end is", () => {
    const health = exampleHealth();
    passed(health, startMs);
    expect(health.view(startMs)).not.toHaveProperty("trafficAtMs");
    attempt(health, endOf(broken), startMs + 5);
    expect(health.view(startMs + 9)).toMatchObject({ trafficAtMs: startMs + 5, inFlight: 0 });
  });
});

describe("a new deployment", () => {
  test("takes a tenth of its traffic first", () => {
    const health = exampleHealth();
    expect(shown(health, startMs).share).toBe(1);
    health.enter(startMs);
    expect(shown(health, startMs).share).toBe(0.1);
  });
});

describe("a deployment that fails at once", () => {
  test("does not look faster than one that answers", () => {
    const [well, failing] = [exampleHealth("well"), exampleHealth("failing")];
    for (let at = 0; at < 3; at += 1) {
      attempt(well, endOf("completed", 400), startMs + at);
      attempt(failing, { ...endOf(broken), totalMs: 1 }, startMs + at);
    }
    const nowMs = startMs + 10;
    const costs = [failing, well].map((health) => shown(health, nowMs).costMs ?? 0);
    expect(costs[0]).toBeGreaterThan(costs[1] ?? 0);
    let asked = 0;
    const candidates = [shown(failing, nowMs), shown(well, nowMs)];
    for (let draw = 0; draw < 100; draw += 1) {
      const chosen = pick(candidates, {
        nowMs,
        draws: [draw / 100, ((draw * 37) % 100) / 100],
        waitMsMax: 0,
      });
      if (chosen.kind === "go" && chosen.index === 0) asked += 1;
    }
    expect(asked).toBeLessThan(50);
  });
});

test("counting tokens says nothing of how long answers take, and waits for no place among them", () => {
  const health = exampleHealth();
  const counting = { stream: false, promptTokens: 5_000, timed: false };
  const under = health.began(counting, startMs);
  expect(shown(health, startMs, { request: { ...counting, timed: true } }).inFlight).toBe(0);
  health.ended(under, endOf("completed"), startMs, 0);
  expect(shown(health, startMs, { request: { ...counting, timed: true } }).costMs).toBeUndefined();
});

describe("limits", () => {
  test("of a minute make it busy until the request fits", () => {
    const health = exampleHealth("flash", { headroom: new Headroom({ requestsPerMinute: 2 }) });
    attempt(health, endOf("completed", 10), startMs);
    expect(health.view(startMs).headroom).toBe(0.5);
    attempt(health, endOf("completed", 10), startMs);
    const { state, availableAtMs } = shown(health, startMs);
    expect(state).toBe("busy");
    expect(availableAtMs).toBeGreaterThan(startMs);
    expect(availableAtMs).toBeLessThanOrEqual(startMs + 65_000);
    expect(isAvailable(shown(health, availableAtMs), availableAtMs)).toBe(true);
  });

  test("of tokens are held against what was used, not against what was guessed", () => {
    const health = exampleHealth("flash", { headroom: new Headroom({ tokensPerMinute: 1_000 }) });
    const request = { stream: true, promptTokens: 900, timed: true };
    const begun = health.began(request, startMs);
    expect(shown(health, startMs, { request }).state).toBe("busy");
    health.ended(begun, { ...endOf("completed", 10), usedTokens: 100 }, startMs, 0);
    expect(shown(health, startMs, { request }).state).toBe("ready");
  });

  test("do not count a request that found no connection", () => {
    const health = exampleHealth("flash", { headroom: new Headroom({ requestsPerMinute: 1 }) });
    attempt(health, endOf({ kind: "connect", message: "refused" }), startMs);
    expect(shown(health, startMs).state).toBe("ready");
  });

  test("that the provider tells are believed before it refuses", () => {
    const health = exampleHealth();
    const limits = { requests: { left: 0, limit: 100, resetMs: 3_000 } };
    attempt(health, { ...endOf("completed", 10), limits }, startMs);
    const { state, availableAtMs } = shown(health, startMs);
    expect([state, availableAtMs > startMs]).toEqual(["busy", true]);
    expect(shown(health, startMs + 3_000).state).toBe("ready");
  });

  test("of attempts at once make it busy until one has ended", () => {
    const limit = new ConcurrencyLimit({ ...concurrencyDefaults, initial: 2, max: 2 });
    const health = exampleHealth("flash", { limit });
    const [first] = [health.began(exampleRequest, startMs), health.began(exampleRequest, startMs)];
    expect(shown(health, startMs)).toMatchObject({ state: "busy", availableAtMs: startMs + 100 });
    health.ended(first, endOf("aborted"), startMs, 0);
    expect(shown(health, startMs).state).toBe("ready");
    expect(health.view(startMs)).toMatchObject({ inFlight: 1, inFlightMax: 2 });
  });

  test("spare one that refuses a part of the requests, which chance decides", () => {
    const health = exampleHealth();
    for (let at = 0; at < 9; at += 1)
      attempt(health, endOf({ kind: "overloaded", status: 429, message: "busy" }), startMs);
    expect(health.view(startMs).sparedShare).toBe(0.9);
    const calmMs = startMs + 1;
    const [spared, asked] = [0.89, 0.9].map((chance) => shown(health, calmMs, { chance }));
    expect([spared?.state, asked?.state]).toEqual(["busy", "ready"]);
  });
});

describe("the time to first content", () => {
  test("is told when enough is known of it, and only of the same kind of answer", () => {
    const health = exampleHealth();
    for (let at = 0; at < 19; at += 1) attempt(health, endOf("completed", 100), startMs);
    expect(health.contentMs(0.95, true, startMs)).toBeUndefined();
    attempt(health, endOf("completed", 100), startMs);
    expect(health.view(startMs).contentP95Ms).toBeGreaterThan(80);
    expect(health.contentMs(0.95, false, startMs)).toBeUndefined();
  });
});

const failures: readonly UpstreamFailure[] = [
  limited,
  broken,
  refused,
  { kind: "connect", message: "none" },
  { kind: "overloaded", status: 503, message: "busy" },
  { kind: "first-token-timeout", message: "late" },
];
const ends = fc.record({
  end: fc.constantFrom<HealthEnd["end"]>("completed", "aborted", ...failures),
  contentMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined }),
  totalMs: fc.integer({ min: 0, max: 60_000 }),
  usedTokens: fc.option(fc.nat(5_000), { nil: undefined }),
  limits: fc.constant(undefined),
});
const steps = fc.array(
  fc.record({
    afterMs: fc.nat(10_000),
    begins: fc.boolean(),
    stream: fc.boolean(),
    how: ends,
    which: fc.nat(50),
  }),
  { maxLength: 80 },
);

test("whatever the ends, what was in flight is given back, and none is ever less than none", () => {
  fc.assert(
    fc.property(steps, (all) => {
      const health = exampleHealth("flash", { headroom: new Headroom({ tokensPerMinute: 50_000 }) });
      const under: HealthAttempt[] = [];
      let nowMs = startMs;
      const end = (begun: HealthAttempt | undefined, how: HealthEnd): void => {
        if (!begun) return;
        if (begun.stream && how.contentMs !== undefined) health.content(begun, how.contentMs, nowMs);
        health.ended(begun, how, nowMs, 0.5);
      };
      for (const { afterMs, begins, stream, how, which } of all) {
        nowMs += afterMs;
        if (begins) under.push(health.began({ stream, promptTokens: 100, timed: true }, nowMs));
        else if (under.length > 0) end(under.splice(which % under.length, 1)[0], how);
        const { inFlight, share, headroom } = health.view(nowMs);
        expect(inFlight).toBe(under.length);
        expect(share).toBeGreaterThan(0);
        expect(headroom).toBeGreaterThanOrEqual(0);
        for (const asStream of [true, false])
          expect(
            shown(health, nowMs, { request: { ...exampleRequest, stream: asStream } }).inFlight,
          ).toBeGreaterThanOrEqual(0);
      }
      for (const begun of under) end(begun, endOf("aborted"));
      expect(health.inFlight).toBe(0);
      for (const asStream of [true, false])
        expect(shown(health, nowMs, { request: { ...exampleRequest, stream: asStream } }).inFlight).toBe(0);
    }),
  );
});

test("one that cannot be asked now never says that its time has come", () => {
  fc.assert(
    fc.property(steps, fc.double({ min: 0, max: 0.999, noNaN: true }), (all, chance) => {
      const health = exampleHealth("flash", { headroom: new Headroom({ requestsPerMinute: 20 }) });
      let nowMs = startMs;
      for (const { afterMs, how } of all) {
        nowMs += afterMs;
        attempt(health, how, nowMs);
        const { state, availableAtMs } = shown(health, nowMs, { chance });
        if (state === "unavailable") expect(availableAtMs).toBeGreaterThan(nowMs);
      }
    }),
  );
});
