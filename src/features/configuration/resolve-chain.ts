import type { Route } from "#core/routing/route.ts";
import type { ChainSettings } from "./schema/chain.ts";
import type { ProblemList } from "./problem-list.ts";
import { knownNames } from "./suggestion.ts";

/** What a chain's settings are resolved from. */
interface ChainInput {
  readonly name: string;
  readonly settings: ChainSettings;
  /** The chains that this Signalbox has. */
  readonly chainNames: readonly string[];
  /** What can be asked, without entries that are wrong themselves. */
  readonly targets: ReadonlyMap<string, Route>;
  /** Every name that can be asked, also of entries that are wrong themselves. */
  readonly targetNames: ReadonlySet<string>;
  readonly problems: ProblemList;
}

/** Checks that there is such a chain, and that what it asks exists and chats. */
export function resolveChain(input: ChainInput): ChainSettings | undefined {
  const { name, settings, chainNames, targets, targetNames, problems } = input;
  if (!chainNames.includes(name)) {
    problems.add(["chains", name], {
      wanted: knownNames(name, chainNames),
      actual: "an unknown chain",
      atKey: true,
    });
  }
  const { route } = settings;
  if (!targetNames.has(route)) {
    problems.add(["chains", name, "route"], { wanted: knownNames(route, targetNames) });
    return undefined;
  }
  const target = targets.get(route);
  if (target && !chats(target)) {
    problems.add(["chains", name, "route"], {
      wanted: "a route, deployment or model that chats",
      actual: `${JSON.stringify(route)}, which does not`,
    });
  }
  return settings;
}

function chats({ variants }: Route): boolean {
  return [...variants.values()].some(({ pool }) =>
    pool.some(({ model }) => model.operations.includes("chat")),
  );
}
