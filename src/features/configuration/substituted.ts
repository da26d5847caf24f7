import type { ProblemList } from "./problem-list.ts";
import type { VariableLookup } from "./variable-lookup.ts";
import type { KeyPath } from "./yaml-source.ts";

/** The text with every `${NAME}` replaced; undefined, with its problems noted, when a variable is missing. */
export function substituted(
  text: string,
  { variable, problems }: { readonly variable: VariableLookup; readonly problems: ProblemList },
  path: KeyPath,
): string | undefined {
  let complete = true;
  const replaced = text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_reference, name: string) => {
    const value = variable(name);
    if (value === undefined) {
      problems.add(path, {
        wanted: `the environment variable ${name} to be set`,
        actual: "no such variable",
      });
      complete = false;
    }
    return value ?? "";
  });
  return complete ? replaced : undefined;
}
