import fc from "fast-check";
import { expect, test } from "vitest";
import { exampleDeployment } from "./example.fixture.ts";
import { weightedOrder } from "./weighted-order.ts";

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("every deployment has exactly one place", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1_000, noNaN: true }), { maxLength: 12 }),
      unit,
      (weights, at) => {
        const pool = weights.map((weight, index) => exampleDeployment(`d${index}`, { weight }));
        const order = weightedOrder(pool, at);
        expect(order.map(({ name }) => name).toSorted()).toEqual(pool.map(({ name }) => name).toSorted());
      },
    ),
  );
});

test("the order of three has the probabilities of drawing without replacement", () => {
  const pool = [
    exampleDeployment("a", { weight: 5 }),
    exampleDeployment("b", { weight: 3 }),
    exampleDeployment("c", { weight: 2 }),
  ];
  const grid = 10_000;
  const counts = new Map<string, number>();
  for (let index = 0; index < grid; index++) {
    const order = weightedOrder(pool, (index + 0.5) / grid)
      .map(({ name }) => name)
      .join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const expected = {
    abc: 0.5 * 0.6,
    acb: 0.5 * 0.4,
    bac: (0.3 * 5) / 7,
    bca: (0.3 * 2) / 7,
    cab: 0.2 * 0.625,
    cba: 0.2 * 0.375,
  };
  for (const [order, probability] of Object.entries(expected)) {
    expect((counts.get(order) ?? 0) / grid).toBeCloseTo(probability, 3);
  }
});
