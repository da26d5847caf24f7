import { expect, test } from "vitest";
import { Secret } from "#core/kernel/secret.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { FreshToken, type TokenEvent } from "./fresh-token.ts";

const minuteMs = 60_000;

function world(lifetimeMs = 60 * minuteMs) {
  const time = new FakeTime();
  const events: TokenEvent[] = [];
  const state = {
    fetches: 0,
    failing: false,
    /** Given instead of a new end, as a metadata server does. */
    fixedEndMs: undefined as number | undefined,
    gate: undefined as Promise<void> | undefined,
  };
  const token = new FreshToken({
    source: {
      async fetch() {
        state.fetches += 1;
        const number = state.fetches;
        await state.gate;
        if (state.failing) throw new Error("no token today");
        return {
          token: new Secret(`token-${number}`),
          expiresAtMs: state.fixedEndMs ?? time.nowMs() + lifetimeMs,
        };
      },
    },
    clock: time,
    timers: time,
    random: { unit: () => 0, bytes: (length) => new Uint8Array(length) },
    onEvent: (event) => events.push(event),
  });
  const now = () => token.current?.token.reveal();
  const advance = async (byMs: number): Promise<void> => {
    time.advance(byMs);
    await settled();
  };
  return { time, token, state, events, now, advance };
}

/** Lets what was promised happen. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("a token is renewed five minutes before its end, while the old one still serves", async () => {
  const { token, state, now, advance } = world();
  await token.renew();
  expect(now()).toBe("token-1");
  await advance(54 * minuteMs);
  expect(state.fetches).toBe(1);
  await advance(1 * minuteMs);
  expect(now()).toBe("token-2");
});

test("a short-lived token is renewed after four fifths of its time", async () => {
  const { token, now, advance } = world(10_000);
  await token.renew();
  await advance(7_900);
  expect(now()).toBe("token-1");
  await advance(200);
  expect(now()).toBe("token-2");
});

test("many who ask at once are one fetch", async () => {
  const { token, state } = world();
  await Promise.all([token.renew(), token.renew(), token.renew()]);
  expect(token.current?.token.reveal()).toBe("token-1");
  expect(state.fetches).toBe(1);
});

test("while renewals fail the token at hand serves until its end, and no longer; then a new one does", async () => {
  const { token, state, now, events, advance } = world();
  await token.renew();
  state.failing = true;
  await advance(55 * minuteMs);
  expect(events.at(-1)).toMatchObject({ kind: "token-not-renewed", error: { message: "no token today" } });
  expect(now()).toBe("token-1");
  for (let minute = 55; minute < 60; minute++) {
    expect(now()).toBe("token-1");
    await advance(minuteMs);
  }
  expect(now()).toBeUndefined();
  state.failing = false;
  await advance(minuteMs);
  expect(now()).toMatch(/^token-/);
});

test("failures are tried again ever later, a minute at most", async () => {
  const { token, state, advance } = world();
  state.failing = true;
  await token.renew();
  // Half of 1, 2, 4, 8, 16, 32 s, then of a minute each, since the draw is 0.
  for (const delayMs of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = state.fetches;
    await advance(delayMs - 1);
    expect(state.fetches).toBe(before);
    await advance(1);
    expect(state.fetches).toBe(before + 1);
  }
});

test("the same token again, as from a metadata server, is asked for again in half a minute", async () => {
  const { token, state, time, advance } = world();
  state.fixedEndMs = time.nowMs() + 60 * minuteMs;
  await token.renew();
  await advance(55 * minuteMs);
  expect(state.fetches).toBe(2);
  await advance(30_000);
  expect(state.fetches).toBe(3);
});

test("without a valid token the first who asks begins a renewal, and those after it do not", async () => {
  const { token, state, now } = world();
  let open = (): void => undefined;
  state.gate = new Promise((resolve) => (open = resolve));
  expect([now(), now()]).toEqual([undefined, undefined]);
  expect(state.fetches).toBe(1);
  open();
  await token.renew();
  expect(now()).toBe("token-1");
});

test("stopped, it renews no more and leaves no timer; the token at hand serves on", async () => {
  const { token, state, time, now, advance } = world();
  await token.renew();
  token.stop();
  expect(time.waiting).toBe(0);
  await token.renew();
  await advance(30 * minuteMs);
  expect(state.fetches).toBe(1);
  expect(now()).toBe("token-1");
});

test("stopped while a fetch is under way, it sets no timer", async () => {
  const { token, time } = world();
  const renewal = token.renew();
  token.stop();
  await renewal;
  expect(time.waiting).toBe(0);
});
