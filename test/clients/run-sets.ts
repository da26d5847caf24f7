import { testResults } from "../../proof/test-results.ts";
import type { ClientSet } from "./client-sets.ts";
import { installSet } from "./install-set.ts";
import { triedSet, type TriedSet } from "./tried-client.ts";

/**
 * Installs sets and runs their suites, one set after the other.
 * @param tell is told what comes next, and what is not as expected
 * @throws Error when a set cannot be installed, or vitest wrote no report
 */
export async function runSets(
  sets: readonly ClientSet[],
  tell: (line: string) => void,
): Promise<readonly TriedSet[]> {
  const tried: TriedSet[] = [];
  for (const set of sets) {
    tell(`${set.name}: installing`);
    await installSet(set);
    tell(`${set.name}: ${set.suites.length} suites`);
    const results = await testResults({
      paths: set.suites,
      config: "test/clients/vitest.config.ts",
      environment: { SIGNALBOX_CLIENT_SET: set.name },
    });
    const found = triedSet(set, results);
    for (const failure of found.failures) tell(failure);
    tell(`${set.name}: ${found.passed} facts as expected, ${found.failures.length} not`);
    tried.push(found);
  }
  return tried;
}
