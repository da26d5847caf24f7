import type { Spending, SpendingStore } from "#features/gateway/index.ts";

const keyOf = ({ payer, day }: Spending) => `${payer} ${day}`;

/** Spending in memory, for tests. */
export function memorySpendingStore(): SpendingStore {
  const spent = new Map<string, number>();
  const add = (key: string, amount: number) => spent.set(key, (spent.get(key) ?? 0) + amount);
  return {
    async reserve(spending, budget) {
      const key = keyOf(spending);
      if ((spent.get(key) ?? 0) + spending.picoDollars > budget) return false;
      add(key, spending.picoDollars);
      return true;
    },
    async settle(difference) {
      const key = keyOf(difference);
      if (spent.has(key)) add(key, difference.picoDollars);
    },
  };
}
