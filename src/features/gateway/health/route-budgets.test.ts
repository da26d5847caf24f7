import { expect, test } from "vitest";
import { budgetsMax, RouteBudgets } from "./route-budgets.ts";

test("a route has one budget of retries, also when it wants hedges of another kind", () => {
  const budgets = new RouteBudgets();
  const { retry, hedge } = budgets.entered("support", undefined);
  const hedged = budgets.entered("support", { share: 0.1, spendMax: 1, tools: false });
  expect(hedged.retry).toBe(retry);
  expect(hedged.hedge).not.toBe(hedge);
  expect(budgets.of("support")).toBe(hedged);
});

test("when there are too many, the one made first gives way", () => {
  const budgets = new RouteBudgets();
  const [first, second] = [budgets.of("route 0"), budgets.of("route 1")];
  for (let number = 2; number <= budgetsMax; number++) budgets.of(`route ${number}`);
  expect(budgets.of("route 1")).toBe(second);
  expect(budgets.of("route 0")).not.toBe(first);
});
