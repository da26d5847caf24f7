import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBudget } from "#http/data-plane/byte-budget.ts";

test("leases share one budget, and what is given back can be taken again", () => {
  const budget = new ByteBudget(10);
  const [one, other] = [budget.lease(), budget.lease()];
  expect(one.take(6)).toBe(true);
  expect(other.take(5)).toBe(false);
  expect(other.take(4)).toBe(true);
  one.release();
  one.release();
  expect(other.take(6)).toBe(true);
});

test("a lease that is over takes nothing", () => {
  const lease = new ByteBudget(10).lease();
  lease.release();
  expect(lease.take(1)).toBe(false);
});

test("never more is held than the budget, and all of it is there once everyone has released", () => {
  const steps = fc.array(fc.record({ lease: fc.nat(3), bytes: fc.option(fc.nat(60)) }));
  fc.assert(
    fc.property(steps, (actions) => {
      const budget = new ByteBudget(100);
      const leases = Array.from({ length: 4 }, () => ({ lease: budget.lease(), held: 0 }));
      for (const { lease: at, bytes } of actions) {
        const one = leases[at];
        if (!one) continue;
        if (bytes === null) {
          one.lease.release();
          leases[at] = { lease: budget.lease(), held: 0 };
        } else if (one.lease.take(bytes)) one.held += bytes;
        expect(leases.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(100);
      }
      for (const { lease } of leases) lease.release();
      expect(budget.lease().take(100)).toBe(true);
    }),
  );
});
