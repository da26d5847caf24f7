import type { ChainStep, ConfiguredChain } from "#core/chains/chain-definition.ts";
import type { ProblemList } from "./problem-list.ts";

/** Notes each chain that calls itself, through others or not. */
export function checkChainCircles(chains: ReadonlyMap<string, ConfiguredChain>, problems: ProblemList): void {
  const calls = new Map(
    [...chains].map(([name, { versions }]) => [
      name,
      [...versions.values()].flatMap(({ steps }) => steps.flatMap((step) => calledBy(step))),
    ]),
  );
  for (const name of chains.keys()) {
    const circle = wayBack(name, name, calls, new Set());
    if (circle) {
      problems.add(["chains", name], {
        wanted: "chains that do not call themselves",
        actual: `the circle ${[name, ...circle].join(" -> ")}`,
        atKey: true,
      });
    }
  }
}

/** The names on a way from one chain to another, the last one included; undefined where there is none. */
function wayBack(
  from: string,
  to: string,
  calls: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): readonly string[] | undefined {
  for (const called of calls.get(from) ?? []) {
    if (called === to) return [to];
    if (seen.has(called)) continue;
    seen.add(called);
    const way = wayBack(called, to, calls, seen);
    if (way) return [called, ...way];
  }
  return undefined;
}

function calledBy(step: ChainStep): readonly string[] {
  switch (step.kind) {
    case "ask":
    case "module":
      return [];
    case "call":
      return [step.chain];
    case "tools":
      return step.chains;
    case "parallel":
      return Object.values(step.branches).flat().flatMap(calledBy);
    case "branch":
      return [...step.cases.flatMap(({ steps }) => steps), ...step.otherwise].flatMap(calledBy);
    case "map":
      return step.steps.flatMap(calledBy);
    case "fallback":
      return step.options.flat().flatMap(calledBy);
  }
}
