import { basename } from "node:path";
import { z } from "zod";
import { firstLine, firstReason, type TestFile } from "../../proof/test-results.ts";
import { packagesOf, type ClientSet } from "./client-sets.ts";
import { clients, type Client } from "./clients.ts";
import { differenceOf } from "./differences.ts";
import { features, shownBy } from "./features.ts";

/** What a client does not do as the others do, and why that is so. */
const difference = z.strictObject({ fact: z.string(), reason: z.string() });
const shown = z.strictObject({
  feature: z.string(),
  way: z.enum(["whole", "streamed"]),
  /** Whether every fact that shows it holds; otherwise the differences say why. */
  works: z.boolean(),
});

/** What one client, in the versions of one set, found of Signalbox. */
export const triedClient = z.strictObject({
  client: z.string(),
  set: z.string(),
  age: z.enum(["oldest", "newest"]),
  versions: z.record(z.string(), z.string()),
  /** How many facts hold, of how many. */
  held: z.number(),
  facts: z.number(),
  shown: z.array(shown),
  differences: z.array(difference),
});

/** See `triedClient`. */
export type TriedClient = z.output<typeof triedClient>;

/** What a run of a set's suites told. */
export interface TriedSet {
  readonly name: string;
  readonly clients: readonly TriedClient[];
  readonly passed: number;
  /** A line for each fact that is not as expected, with the reason. */
  readonly failures: readonly string[];
}

interface Fact {
  readonly suite: string;
  readonly fullName: string;
  readonly holds: boolean;
  /** Why it does not hold, in one line. */
  readonly reason: string;
}

/** Reads what vitest told of a set. A suite that did not run is a failure, and so is a difference that is none any more. */
export function triedSet(set: ClientSet, results: readonly TestFile[]): TriedSet {
  const facts = results.flatMap(factsOf);
  const judged = facts.map((fact) => ({ ...fact, difference: differenceOf(set.name, fact.fullName) }));
  const wrong = judged.filter(({ holds, difference }) => holds === (difference !== undefined));
  const missing = set.suites.filter((suite) => !facts.some((fact) => fact.suite === basename(suite)));
  return {
    name: set.name,
    clients: clients.flatMap((client) => triedOf(client, set, facts)),
    passed: facts.length - wrong.length,
    failures: [
      ...wrong.map(({ fullName, difference, reason }) =>
        difference === undefined
          ? `${set.name}: ${fullName}: ${reason}`
          : `${set.name}: ${fullName}: holds now, and is still told as a difference`,
      ),
      ...missing.map((suite) => `${set.name}: ${basename(suite)} told no fact`),
    ],
  };
}

function factsOf({ name, message, assertionResults }: TestFile): readonly Fact[] {
  const suite = basename(name);
  if (assertionResults.length === 0)
    return [{ suite, fullName: `${suite} loads`, holds: false, reason: firstLine(message) }];
  return assertionResults.map((test) => ({
    suite,
    fullName: test.fullName,
    holds: test.status === "passed",
    reason: firstReason(test),
  }));
}

function triedOf(client: Client, set: ClientSet, all: readonly Fact[]): readonly TriedClient[] {
  const facts = all.filter(
    ({ suite, fullName }) => suite === client.suite && (client.facts?.test(fullName) ?? true),
  );
  if (facts.length === 0) return [];
  const packages = packagesOf(set);
  const entries = client.packages.flatMap((name): [string, string][] => {
    const version = packages[name];
    return version === undefined ? [] : [[name, version]];
  });
  return [
    {
      client: client.name,
      set: set.name,
      age: set.age,
      versions: Object.fromEntries(entries),
      held: facts.filter(({ holds }) => holds).length,
      facts: facts.length,
      shown: shownOf(facts),
      differences: facts.flatMap(({ fullName }) => {
        const reason = differenceOf(set.name, fullName);
        return reason === undefined ? [] : [{ fact: fullName, reason }];
      }),
    },
  ];
}

/** What the facts of a client show, in the order of the features. */
function shownOf(facts: readonly Fact[]): TriedClient["shown"] {
  const ways = ["whole", "streamed"] as const;
  return features.flatMap((feature) =>
    ways.flatMap((way) => {
      const showing = facts.filter(({ fullName }) =>
        shownBy(fullName).some((one) => one.feature === feature && one.way === way),
      );
      return showing.length === 0 ? [] : [{ feature, way, works: showing.every(({ holds }) => holds) }];
    }),
  );
}
