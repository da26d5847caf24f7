import { Secret } from "#core/kernel/secret.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import { readBaseUrl } from "./base-url.ts";
import type { Provider } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import type { ProviderSettings } from "./schema/provider.ts";
import type { KeyPath } from "./yaml-source.ts";

/** Where the APIs of well-known makers begin. https://ai.google.dev/api, read 2026-11-24 */
const baseUrls: Partial<Readonly<Record<DialectName, string>>> = {
  gemini: "https://generativelanguage.googleapis.com/v1beta",
};

/** What `${NAME}` stands for; undefined when the variable is absent or empty. */
export type VariableLookup = (name: string) => string | undefined;

/** A provider with its key, if it has one. */
export interface ResolvedProvider {
  readonly provider: Provider;
  readonly key?: Secret;
}

/** What a provider is resolved from. */
interface ProviderInput {
  readonly name: string;
  readonly settings: ProviderSettings;
  readonly variable: VariableLookup;
  readonly problems: ProblemList;
}

/** Looks up a provider's key and address and decides whether it is emulated. */
export function resolveProvider(input: ProviderInput): ResolvedProvider | undefined {
  const path = ["providers", input.name];
  const { settings, problems } = input;
  const key = settings.api_key === undefined ? undefined : input.variable(settings.api_key.slice(2, -1));
  const emulated = settings.emulate === "always" || (settings.emulate === "without_key" && key === undefined);
  const baseUrl = resolveBaseUrl(input, path);
  if (key === undefined && !emulated) noteMissingKey(settings, path, problems);
  if (baseUrl === undefined) return undefined;
  return {
    provider: {
      name: input.name,
      dialect: settings.dialect,
      baseUrl,
      privateNetwork: settings.private_network,
      emulated,
      tags: settings.tags,
    },
    ...(key !== undefined && !emulated && { key: new Secret(key) }),
  };
}

function noteMissingKey(settings: ProviderSettings, path: KeyPath, problems: ProblemList): void {
  const { api_key: reference } = settings;
  if (reference !== undefined) {
    problems.add([...path, "api_key"], {
      wanted: `the environment variable ${reference.slice(2, -1)} to hold the key (or emulate: without_key)`,
      actual: "no such variable",
    });
  } else if (settings.dialect === "gemini") {
    problems.add([...path, "api_key"], {
      wanted: "a reference such as ${GEMINI_API_KEY} (or emulate: always)",
    });
  }
}

function resolveBaseUrl(input: ProviderInput, path: KeyPath): string | undefined {
  const { settings, problems } = input;
  const keyPath = [...path, "base_url"];
  if (settings.base_url === undefined) {
    const usual = baseUrls[settings.dialect];
    if (usual === undefined) {
      problems.add(keyPath, { wanted: `the address of a server that speaks ${settings.dialect}` });
    }
    return usual;
  }
  const text = substituted(settings.base_url, input, keyPath);
  if (text === undefined) return undefined;
  const read = readBaseUrl(text, settings.private_network);
  if (read.ok) return read.value;
  problems.add(keyPath, read.error);
  return undefined;
}

/** The text with every `${NAME}` replaced; undefined, with its problems noted, when a variable is missing. */
function substituted(text: string, { variable, problems }: ProviderInput, path: KeyPath): string | undefined {
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
