import { canonicalJson } from "#core/kernel/canonical-json.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { ConfigurationProblem } from "../problem.ts";
import { ProblemList } from "../problem-list.ts";
import { writtenVersions } from "../resolve-prompts.ts";
import { readYaml } from "../yaml-source.ts";
import { differences } from "./difference.ts";

/** Keys that a problem names, at most: the first differences say enough. */
const differencesTold = 3;

/**
 * Versions of prompts that a text has with another content than what is written: they never change, so that what was
 * measured of a variant stays true. Empty where none has. Comments and order do not count.
 */
export function changedPrompts(before: JsonObject, text: string): readonly ConfigurationProblem[] {
  const source = readYaml(text);
  if (!source.ok) return [];
  const problems = new ProblemList(source.value);
  const former = writtenVersions(before);
  for (const [name, versions] of writtenVersions(source.value.value))
    for (const [number, version] of versions) {
      const known = former.get(name)?.get(number);
      if (known === undefined || canonicalJson(known) === canonicalJson(version)) continue;
      const next = Math.max(...[...versions.keys(), ...(former.get(name)?.keys() ?? [])].map(Number)) + 1;
      problems.add(["prompts", name, "versions", number], {
        wanted: `version ${number} of prompt "${name}" as it is in force, since a version never changes (write it as version ${next})`,
        actual: `another one: ${placesOf(known, version)} differs`,
      });
    }
  return problems.problems;
}

function placesOf(before: unknown, after: unknown): string {
  if (!isJsonObject(before) || !isJsonObject(after)) return "its content";
  const places = differences({ before: listsAsMaps(before), after: listsAsMaps(after) }, () => false);
  return places
    .slice(0, differencesTold)
    .map(({ path }) => path.join("."))
    .join(", ");
}

/** Lists by their indexes, so that it can be told which item differs. */
function listsAsMaps(value: JsonObject): JsonObject {
  const told: unknown = JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    Array.isArray(inner) ? Object.fromEntries(inner.entries()) : inner,
  );
  return isJsonObject(told) ? told : {};
}
