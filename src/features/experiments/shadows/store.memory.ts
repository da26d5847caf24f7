import type { VariantMoments } from "#features/traffic/index.ts";
import type { DuelEnd, ShadowPair } from "./shadow-pair.ts";
import type { Dropped, PairVariable, PhaseName, ShadowStore, UnitDuels } from "./store.ts";

/** Pairs and spending in memory, for tests. */
export function memoryShadowStore(): ShadowStore & { readonly pairs: () => readonly ShadowPair[] } {
  const kept = new Map<string, ShadowPair>();
  const spent = new Map<string, number>();
  const drops = new Map<string, Dropped>();
  const of = ({ experiment, phase }: PhaseName) =>
    [...kept.values()].filter((pair) => pair.experiment === experiment && pair.phase === phase);
  const add = (key: string, amount: number) => spent.set(key, (spent.get(key) ?? 0) + amount);
  return {
    pairs: () => [...kept.values()],
    async reserve({ payer, day, picoDollars }, budget) {
      const key = `${payer} ${day}`;
      if ((spent.get(key) ?? 0) + picoDollars > budget) return false;
      add(key, picoDollars);
      return true;
    },
    async settle({ payer, day, picoDollars }) {
      if (spent.has(`${payer} ${day}`)) add(`${payer} ${day}`, picoDollars);
    },
    async keep(pair) {
      const key = JSON.stringify([pair.experiment, pair.phase, pair.requestId]);
      if (!kept.has(key)) kept.set(key, pair);
    },
    async drop(dropped) {
      for (const one of dropped) {
        const key = JSON.stringify([one.experiment, one.phase, one.reason]);
        drops.set(key, { ...one, requests: one.requests + (drops.get(key)?.requests ?? 0) });
      }
    },
    async dropped({ experiment, phase }) {
      return [...drops.values()]
        .filter((one) => one.experiment === experiment && one.phase === phase)
        .map(({ reason, requests }) => ({ reason, requests }))
        .toSorted((one, other) => (one.reason < other.reason ? -1 : 1));
    },
    async moments(phase, variables) {
      return byName(Map.groupBy(of(phase), ({ variant }) => variant)).map(([variant, pairs]) =>
        momentsOf(variant, pairs, variables),
      );
    },
    async duelCounts(phase) {
      const duels = of(phase).flatMap(({ variant, duel }) => (duel ? [{ variant, duel }] : []));
      return byName(Map.groupBy(duels, ({ variant }) => variant)).map(([variant, ended]) => ({
        variant,
        ends: endsOf(ended.map(({ duel }) => duel.end)),
        picoDollars: ended.reduce((sum, { duel }) => sum + duel.picoDollars, 0),
      }));
    },
    async unitDuels(phase, limit) {
      const judged = of(phase).filter(({ duel }) => duel?.scores !== undefined);
      const units = Map.groupBy(judged, ({ variant, unit }) => JSON.stringify([variant, unit]));
      return byName(units)
        .slice(0, limit)
        .map(([, pairs]) => unitDuelsOf(pairs));
    },
    async unstable(phase) {
      return of(phase).filter(({ stable }) => !stable).length;
    },
  };
}

function byName<Value>(groups: ReadonlyMap<string, Value>): readonly [string, Value][] {
  return [...groups].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function endsOf(ends: readonly DuelEnd[]) {
  const count = (end: DuelEnd) => ends.filter((one) => one === end).length;
  return {
    won: count("won"),
    lost: count("lost"),
    tied: count("tied"),
    inconsistent: count("inconsistent"),
    "judge-failed": count("judge-failed"),
    unanswered: count("unanswered"),
  };
}

function unitDuelsOf(pairs: readonly ShadowPair[]): UnitDuels {
  const sum = (value: (pair: ShadowPair) => number) => pairs.reduce((total, pair) => total + value(pair), 0);
  return {
    variant: pairs[0]?.variant ?? "",
    unit: pairs[0]?.unit ?? "",
    judged: sum((pair) => valueOf(pair, "judged")),
    score: sum((pair) => valueOf(pair, "score")),
    scoreFirst: sum(({ duel }) => duel?.scores?.first ?? 0),
    scoreSecond: sum(({ duel }) => duel?.scores?.second ?? 0),
  };
}

const scores: Readonly<Partial<Record<DuelEnd, number>>> = { won: 1, lost: 0, tied: 0.5, inconsistent: 0.5 };

function valueOf(pair: ShadowPair, variable: PairVariable): number {
  if (typeof variable === "object") return pair[variable.side][variable.measure] ?? 0;
  const score = pair.duel && scores[pair.duel.end];
  if (variable === "judged") return score === undefined ? 0 : 1;
  return score ?? 0;
}

function momentsOf(
  variant: string,
  pairs: readonly ShadowPair[],
  variables: readonly PairVariable[],
): VariantMoments {
  const units = [...Map.groupBy(pairs, ({ unit }) => unit).values()].map((of) =>
    variables.map((variable) => of.reduce((sum, pair) => sum + valueOf(pair, variable), 0)),
  );
  const means = variables.map(
    (_, place) => units.reduce((sum, values) => sum + (values[place] ?? 0), 0) / units.length,
  );
  const off = (values: readonly number[], place: number) => (values[place] ?? 0) - (means[place] ?? 0);
  const deviations = variables.map((_, one) =>
    variables.map((__, other) =>
      units.reduce((sum, values) => sum + off(values, one) * off(values, other), 0),
    ),
  );
  return { variant, units: units.length, means, deviations };
}
