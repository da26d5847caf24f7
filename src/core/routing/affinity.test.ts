import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affinityBalance, affinityDefaults, stays, type AffinityQuestion } from "./affinity.ts";
import { ConversationTable, conversationNumber } from "./conversation-table.ts";

/** 20,000 cached tokens of $0.50 a million, $0.05 when cached; a second is worth $0.001. */
const question: AffinityQuestion = {
  cachedTokens: 20_000,
  idleMs: 0,
  cache: { ttlMs: 300_000, tokensMin: 1_024 },
  inputPrice: 500_000,
  cachedInputPrice: 50_000,
  stayMs: 900,
  moveMs: 400,
  route: affinityDefaults,
};

describe("a conversation", () => {
  test("stays while its cache is worth more than half a second", () => {
    // Gain 500 ms: $0.0005. Loss: 20,000 x $0.45 per million = $0.009, and a second of reading, $0.001.
    expect(affinityBalance(question)).toEqual({ gain: 500_000_000, loss: 10_000_000_000 });
    expect(stays(question)).toBe(true);
  });

  test("moves when its deployment has become slow enough", () => {
    expect(stays({ ...question, stayMs: 13_000, moveMs: 400 })).toBe(false);
    // Between the loss and the margin above it: it stays, so that it does not go to and fro.
    expect(stays({ ...question, stayMs: 11_400, moveMs: 400 })).toBe(true);
  });

  test("is kept by nothing when the cache's time is over, or its prompt was too short for it", () => {
    expect(stays({ ...question, idleMs: 300_000 })).toBe(false);
    expect(stays({ ...question, cachedTokens: 1_023 })).toBe(false);
    expect(stays({ ...question, cachedTokens: 1_024 })).toBe(true);
  });

  test("never moves to a slower one, and never stays longer the longer it was idle", () => {
    const ms = fc.nat(600_000);
    fc.assert(
      fc.property(ms, ms, ms, ms, fc.nat(1_000_000), (idleMs, more, stayMs, moveMs, cachedTokens) => {
        const asked = { ...question, idleMs, stayMs, moveMs, cachedTokens };
        if (moveMs >= stayMs) expect(stays(asked)).toBe(affinityBalance(asked).loss > 0);
        if (!stays(asked)) expect(stays({ ...asked, idleMs: idleMs + more })).toBe(false);
      }),
    );
  });
});

describe("the table of conversations", () => {
  const place = (deployment: string, atMs = 1) => ({ deployment, atMs, tokens: 10 });

  test("knows where a conversation was last", () => {
    const table = new ConversationTable(64);
    const number = conversationNumber("route", "anyone", "c1");
    expect(table.placeOf(number)).toBeUndefined();
    table.note(number, place("a"));
    table.note(number, place("b", 2));
    expect(table.placeOf(number)).toEqual(place("b", 2));
    expect(table.placeOf(conversationNumber("other", "anyone", "c1"))).toBeUndefined();
  });

  test("never holds more than it was made for; the newest of a set are kept, and none is mistaken for another", () => {
    const table = new ConversationTable(8);
    const numbers = Array.from({ length: 100 }, (_, index) =>
      conversationNumber("route", "anyone", `c${index}`),
    );
    for (const [index, number] of numbers.entries()) table.note(number, place(`d${index}`, index + 1));
    const known = numbers.flatMap((number, index) => {
      const found = table.placeOf(number);
      expect(found?.deployment ?? `d${index}`).toBe(`d${index}`);
      return found ? [index] : [];
    });
    expect(known).toHaveLength(8);
    expect(Math.min(...known)).toBeGreaterThan(70);
  });

  test("one of another size keeps its promises: what was noted last is found", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.string(), { minLength: 1 }), (size, names) => {
        const table = new ConversationTable(size);
        for (const [index, name] of names.entries()) {
          const number = conversationNumber("r", "anyone", name);
          table.note(number, place(name || "-", index + 1));
          expect(table.placeOf(number)?.deployment).toBe(name || "-");
        }
      }),
    );
  });
});
