import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { bradleyTerry } from "./bradley-terry.ts";
import { onlineElo, winProbability, type Duel } from "./elo.ts";

const alpha = 0.05;

/** As many duels as a table of pairs counts. */
function duelsOf(
  pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly winsA: number;
    readonly winsB: number;
    readonly ties: number;
  }[],
): readonly Duel[] {
  return pairs.flatMap(({ a, b, winsA, winsB, ties }) =>
    [
      ...Array.from({ length: winsA }, () => 1),
      ...Array.from({ length: winsB }, () => 0),
      ...Array.from({ length: ties }, () => 0.5),
    ].map((score) => ({ first: a, second: b, score })),
  );
}

describe("golden values", () => {
  const pairs = z.array(
    z.object({ a: z.string(), b: z.string(), winsA: z.number(), winsB: z.number(), ties: z.number() }),
  );
  const numbers = z.array(z.number());
  const likeliest = testGolden(
    "bradley_terry.json",
    {
      input: z.object({ models: z.array(z.string()), pairs }),
      expected: z.object({
        theta: numbers,
        elo: numbers,
        winProbMatrix: z.array(numbers),
        seDiffToFirstModelBased: numbers,
        seDiffToFirstSandwich: numbers,
      }),
    },
    ({ input, expected, close }) => {
      const found = must(bradleyTerry(duelsOf(input.pairs), { alpha, reference: input.models[0] ?? "" }));
      const ordered = input.models.flatMap((name) => found.find((one) => one.name === name) ?? []);
      close(
        ordered.map(({ strength }) => strength),
        expected.theta,
      );
      close(
        ordered.map(({ elo }) => elo),
        expected.elo,
      );
      close(
        ordered.map(({ versusReference }) => versusReference?.modelError ?? 0),
        expected.seDiffToFirstModelBased,
      );
      close(
        ordered.map(({ versusReference }) => versusReference?.standardError ?? 0),
        expected.seDiffToFirstSandwich,
      );
      for (const [row, { strength: own }] of ordered.entries()) {
        close(
          ordered.map(({ strength: other }) => winProbability({ own, other })),
          expected.winProbMatrix[row] ?? [],
        );
      }
    },
  );
  const ridged = testGolden(
    "bradley_terry.json",
    {
      input: z.object({ models: z.array(z.string()), pairs, l2: z.number() }),
      expected: z.object({ theta: numbers }),
    },
    ({ input, expected, close }) => {
      const duels = duelsOf(input.pairs);
      expect(refusalOf(bradleyTerry(duels, { alpha }))).toBe("too-few");
      const found = must(bradleyTerry(duels, { alpha, ridge: input.l2 }));
      const ordered = input.models.flatMap((name) => found.find((one) => one.name === name) ?? []);
      close(
        ordered.map(({ strength }) => strength),
        expected.theta,
      );
    },
  );
  const online = testGolden(
    "bradley_terry.json",
    {
      input: z.object({
        k: z.number(),
        games: z.array(z.object({ a: z.string(), b: z.string(), outcomeA: z.number() })),
      }),
      expected: z.object({ elo: z.record(z.string(), z.number()) }),
    },
    ({ input, expected, close }) => {
      const duels = input.games.map(({ a, b, outcomeA }) => ({ first: a, second: b, score: outcomeA }));
      const found = must(onlineElo(duels, input.k));
      const names = Object.keys(expected.elo);
      expect(Object.keys(found).toSorted()).toEqual(names.toSorted());
      close(
        names.map((name) => found[name] ?? 0),
        names.map((name) => expected.elo[name] ?? 0),
      );
    },
  );

  test("every case is run", () => expect(likeliest + ridged + online).toBe(7));
});

describe("laws", () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const duel = fc
    .record({
      first: name,
      second: name,
      score: fc.constantFrom(0, 0.5, 1),
      cluster: fc.constantFrom("1", "2", "3", "4", "5", "6"),
    })
    .filter(({ first, second }) => first !== second);

  test("who stands first does not matter, nor the order; strengths sum up to 0 and explain the score of each", () => {
    fc.assert(
      fc.property(fc.array(duel, { minLength: 20, maxLength: 60 }), (duels) => {
        const found = bradleyTerry(duels, { alpha, reference: duels[0]?.first ?? "" });
        if (!found.ok) return;
        const turned = duels
          .map((one) => ({ ...one, first: one.second, second: one.first, score: 1 - one.score }))
          .toReversed();
        const again = must(bradleyTerry(turned, { alpha, reference: duels[0]?.first ?? "" }));
        for (const one of found.value) {
          const other = again.find((candidate) => candidate.name === one.name);
          expect(other?.strength).toBeCloseTo(one.strength, 8);
          expect(other?.versusReference?.standardError ?? 0).toBeCloseTo(
            one.versusReference?.standardError ?? 0,
            8,
          );
          const strengthOf = (wanted: string) =>
            found.value.find((candidate) => candidate.name === wanted)?.strength ?? 0;
          const surplus = duels.reduce((sum, { first, second, score }) => {
            const expected = winProbability({ own: strengthOf(first), other: strengthOf(second) });
            if (first === one.name) return sum + score - expected;
            return second === one.name ? sum - score + expected : sum;
          }, 0);
          expect(surplus).toBeCloseTo(0, 8);
        }
        expect(found.value.reduce((sum, { strength }) => sum + strength, 0)).toBeCloseTo(0, 8);
      }),
    );
  });

  test("with prompts judged six times, clustered errors keep their level and the others do not", () => {
    const unit = seededUnits(20_261_127);
    const runs = 600;
    let [rejected, plainlyRejected] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const duels = Array.from({ length: 50 }, (_, prompt) => {
        // Which of both a prompt suits: on average neither.
        const share = unit() < 0.5 ? 0.9 : 0.1;
        return Array.from({ length: 6 }, () => ({
          first: "a",
          second: "b",
          score: unit() < share ? 1 : 0,
          cluster: `${prompt}`,
        }));
      }).flat();
      const [, clustered] = must(bradleyTerry(duels, { alpha }));
      const { pValue, difference, modelError } = clustered?.versusReference ?? {};
      if ((pValue ?? 0) < alpha) rejected += 1;
      if (Math.abs(difference ?? 0) > 1.96 * (modelError ?? 0)) plainlyRejected += 1;
    }
    const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
    expect(rejected / runs).toBeLessThan(alpha + monteCarloError);
    expect(plainlyRejected / runs).toBeGreaterThan(4 * alpha);
  });
});

test("what cannot be rated is refused with the reason", () => {
  const won = { first: "a", second: "b", score: 1 };
  const lost = { ...won, score: 0 };
  const ask = (duels: readonly Duel[], changes = {}) => refusalOf(bradleyTerry(duels, { alpha, ...changes }));
  expect(ask([won, lost], { alpha: 2 })).toBe("bad-level");
  expect(ask([{ ...won, score: 2 }])).toBe("bad-value");
  expect(ask([{ ...won, second: "a" }])).toBe("bad-value");
  expect(ask([won, lost], { reference: "c" })).toBe("bad-value");
  expect(ask([won, lost], { ridge: -1 })).toBe("bad-value");
  expect(ask([])).toBe("too-few");
  expect(ask([won])).toBe("too-few");
  expect(ask([won, won])).toBe("too-few");
  const clustered = [won, lost].map((one) => ({ ...one, cluster: "one prompt" }));
  expect(ask(clustered)).toBe("too-few");
  const apart = [won, lost].flatMap((one) => [one, { ...one, first: "c", second: "d" }]);
  expect(ask(apart)).toBe("too-few");
  expect(ask([won, lost, { ...won, second: "c" }])).toBe("too-few");
  const ties = [won, won].map((one) => ({ ...one, score: 0.5 }));
  expect(ask(ties)).toBe("no-variance");
  const found = bradleyTerry([won, lost, { ...won, second: "c" }], { alpha });
  expect(found.ok ? "" : found.error.reason).toContain('"a", "b" never lost');
  expect(refusalOf(onlineElo([won], 0))).toBe("bad-value");
  expect(refusalOf(onlineElo([{ ...won, score: -1 }]))).toBe("bad-value");
});
