import type { JsonObject } from "#core/kernel/json.ts";
import { Secret } from "#core/kernel/secret.ts";
import { asJson } from "./written-of.ts";
import { contentHash } from "./content-hash.ts";
import { moduleAllowed } from "./module-allowed.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ProviderSettings } from "./schema/provider.ts";
import type { VariableLookup } from "./variable-lookup.ts";
import type { KeyPath } from "./yaml-source.ts";

/** A class of a module that is a provider. */
export interface ResolvedModule {
  readonly module: string;
  readonly exportName: string;
  /** Where its calls go: tells it from the same provider with another module or other options. */
  readonly address: string;
  /** JSON of what it is constructed with. */
  readonly options: Secret;
  /** The values of the variables in it. */
  readonly secrets: readonly Secret[];
}

interface ModuleInput {
  readonly name: string;
  readonly settings: ProviderSettings;
  readonly allowedModules: readonly string[];
  readonly variable: VariableLookup;
  readonly problems: ProblemList;
}

/** What only providers that are addresses have. */
const addressFields = ["dialect", "api_key", "base_url", "vertex"] as const;

/** Which class is meant; undefined, with its problems noted, where that is not said rightly. */
export function resolveModule(input: ModuleInput, path: KeyPath): ResolvedModule | undefined {
  const { name, settings, problems, allowedModules } = input;
  const { module, export: exportName } = settings;
  for (const field of addressFields) {
    if (settings[field] === undefined) continue;
    problems.add([...path, field], {
      wanted: "none: a module is no address, keys go into options",
      actual: "one",
    });
  }
  if (module === undefined)
    problems.add([...path, "module"], { wanted: "the package of a LangChain chat model" });
  else if (!moduleAllowed(module, allowedModules))
    problems.add([...path, "module"], {
      wanted: "a module that modules.allow at the top of this file lists",
    });
  if (exportName === undefined)
    problems.add([...path, "export"], { wanted: "the name of the class in the module" });
  const written = asJson(settings.options ?? {});
  const secrets = new Set<string>();
  const options = filled(written, { ...input, secrets }, [...path, "options"]);
  if (module === undefined || exportName === undefined) return undefined;
  return {
    module,
    exportName,
    address: `langchain://${name}-${contentHash([module, exportName, written])}`,
    options: new Secret(JSON.stringify(options)),
    secrets: [...secrets].map((text) => new Secret(text)),
  };
}

/** The options with the values of variables in their places, in lists and maps, too. */
function filled(
  options: JsonObject,
  {
    variable,
    problems,
    secrets,
  }: Pick<ModuleInput, "variable" | "problems"> & { readonly secrets: Set<string> },
  path: KeyPath,
): unknown {
  return JSON.parse(JSON.stringify(options), (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_reference, name: string) => {
      const found = variable(name);
      if (found !== undefined) secrets.add(found);
      else
        problems.add(path, {
          wanted: `the environment variable ${name} to be set`,
          actual: "no such variable",
        });
      return found ?? "";
    });
  });
}
