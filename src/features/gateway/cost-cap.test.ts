import { describe, expect, test } from "vitest";
import { defaultResilience } from "#core/routing/route-resilience.ts";
import { costCapOf, type CostCap } from "#features/gateway/cost-cap.ts";
import type { CostBounds } from "#features/gateway/worst-cost.ts";
import { Healths } from "#features/gateway/health/healths.ts";
import { exampleRung } from "#features/gateway/rung.fixture.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Pico-dollars of a dollar. */
const dollar = 10 ** 12;
const healths = new Healths(() => 0);

/** A deployment at so many dollars for a million tokens, read or written. */
function rung(variant: string, dollars: number | undefined): Rung {
  const rate = dollars === undefined ? 0 : dollars * 1_000_000;
  return exampleRung({
    deployment: variant,
    health: healths.of({ deployment: variant, provider: "provider", model: variant }),
    variant,
    outputTokensMax: 100_000,
    ...(dollars !== undefined && { price: { periods: [{ rates: { input: rate, output: rate } }] } }),
  });
}

/** A cap of ten cents, for a prompt of 10,000 tokens. */
function cap(
  outputTokensMax?: number,
  bounds?: ReadonlyMap<string, number>,
  more?: Partial<CostBounds>,
): CostCap {
  const made = costCapOf(
    { ...defaultResilience, costMax: dollar / 10 },
    {
      ...(bounds && { fallbackOutputTokens: bounds }),
      billed: { startedAtMs: 0, inputTokens: 10_000, charged: true },
      promptTokens: 10_000,
      ...(outputTokensMax !== undefined && { outputTokensMax }),
      ...more,
    },
  );
  if (!made) throw new Error("a route with a cap has one");
  return made;
}

describe("a request that may cost ten cents", () => {
  test("affords what its longest answer fits into, to the pico-dollar", () => {
    // 10,000 tokens read and 10,000 written at $5 a million.
    expect(cap(10_000).affords(rung("a", 5))).toBe(true);
    expect(cap(10_001).affords(rung("a", 5))).toBe(false);
    // Without a bound of the client's the model's own counts.
    expect(cap().affords(rung("a", 5))).toBe(false);
    expect(cap().affords(rung("a", 0.5))).toBe(true);
  });

  test("affords a fallback whose answers are bounded", () => {
    expect(cap(undefined, new Map([["short", 500]])).affords(rung("short", 5))).toBe(true);
    expect(cap(undefined, new Map([["short", 500]])).affords(rung("long", 5))).toBe(false);
  });

  test("does not afford what nobody knows the price of", () => {
    const made = cap(10);
    expect([made.affords(rung("a", undefined)), made.leftOut]).toEqual([false, true]);
    expect(made.problem()?.message).toContain("nobody knows what it can cost");
  });

  test("counts every answer that it asks for, and none where it asks for vectors", () => {
    expect(cap(1_000, undefined, { answers: 10 }).affords(rung("a", 5))).toBe(true);
    expect(cap(1_001, undefined, { answers: 10 }).affords(rung("a", 5))).toBe(false);
    const { outputTokensMax: _none, ...vectors } = rung("a", 10);
    expect(cap(undefined, undefined, { answers: 0 }).affords(vectors)).toBe(true);
    expect(cap(undefined, undefined, { answers: 0 }).affords(rung("a", 11))).toBe(false);
  });

  test("counts all that the model can read where the prompt only names what it reads", () => {
    const named = cap(10_000, undefined, { readsMore: true });
    expect(named.affords({ ...rung("a", 5), contextTokens: 10_000 })).toBe(true);
    expect(named.affords({ ...rung("a", 5), contextTokens: 10_001 })).toBe(false);
    expect(named.affords(rung("a", 5))).toBe(false);
  });

  test("has less for each attempt: the most that it can cost while it runs, and what it cost afterwards", () => {
    const made = cap(10_000);
    const one = rung("a", 3);
    made.began(1, one);
    // $0.06 of $0.10 are taken: the same again does not fit.
    expect(made.affords(one)).toBe(false);
    made.ended({ attempt: 1, cost: { picoDollars: dollar / 100 } });
    expect(made.affords(one)).toBe(true);
    made.began(2, one);
    // One of which nobody knows what it cost can have cost all that it could.
    made.ended({ attempt: 2 });
    expect(made.affords(one)).toBe(false);
  });

  test("affords the rest of an answer with what the beginning cost, what its call reads, and what may still come", () => {
    const usage = {
      inputTokens: 10_000,
      cachedInputTokens: 0,
      toolInputTokens: 0,
      outputTokens: 4_000,
      thinkingTokens: 0,
    };
    const piece = { attempt: 1, usage, begun: { generated: 4_000, read: 14_000 } };
    // 10,000 + 4,000 tokens are paid; 14,000 are read again, and 6,000 of 10,000 may come.
    const affords = (dollars: number) => {
      const made = cap(10_000);
      made.began(1, rung("a", dollars));
      return made.affordsRest(rung("a", dollars), piece);
    };
    expect([affords(2.9), affords(3)]).toEqual([true, false]);
    const made = cap(10_000);
    made.began(1, rung("a", 2.9));
    expect(made.affordsRest(rung("a", 2.9), { ...piece, begun: { generated: 10_000, read: 20_000 } })).toBe(
      true,
    );
    // Of a piece of which nobody knows what it cost all that it can have cost counts: 20,000 of 34,482 tokens.
    expect(made.affordsRest(rung("a", 2.9), { ...piece, usage: undefined })).toBe(false);
  });

  test("says what is allowed, and what the cheapest one that was left out can cost", () => {
    const made = cap(10_000);
    expect(made.problem()).toBeUndefined();
    made.affords(rung("a", 50));
    made.affords(rung("b", 6));
    expect(made.problem()).toEqual({
      code: "invalid-request",
      message:
        "Cannot serve the request: its route allows $0.1, it can cost $0.12; a smaller bound of the answer's tokens or a shorter prompt costs less",
    });
  });
});
