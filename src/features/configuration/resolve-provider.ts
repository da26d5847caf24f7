import { Secret } from "#core/kernel/secret.ts";
import { providerDialectNames, type ProviderDialectName } from "#core/llm/dialect-name.ts";
import { readBaseUrl } from "./base-url.ts";
import type { Provider, VertexPlace } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
import { resolveModule, type ResolvedModule } from "./resolve-module.ts";
import { resolveVertex, vertexBaseUrl } from "./resolve-vertex.ts";
import type { ProviderSettings } from "./schema/provider.ts";
import { substituted } from "./substituted.ts";
import type { VariableLookup } from "./variable-lookup.ts";
import type { KeyPath } from "./yaml-source.ts";

/** Where the APIs of well-known makers begin. https://ai.google.dev/api, read 2026-11-24 */
const baseUrls: Partial<Readonly<Record<ProviderDialectName, string>>> = {
  gemini: "https://generativelanguage.googleapis.com/v1beta",
};

/** A provider with its key, if it has one. */
export interface ResolvedProvider {
  readonly provider: Provider;
  readonly key?: Secret;
  readonly module?: ResolvedModule;
}

/** What a provider is resolved from. */
interface ProviderInput {
  readonly name: string;
  readonly settings: ProviderSettings;
  /** What `modules.allow` lists. */
  readonly allowedModules: readonly string[];
  readonly variable: VariableLookup;
  readonly problems: ProblemList;
}

/** Looks up a provider's key and address and decides whether it is emulated. */
export function resolveProvider(input: ProviderInput): ResolvedProvider | undefined {
  const path = ["providers", input.name];
  const { settings, problems } = input;
  if (settings.kind === "langchain") return moduleProvider(input, path);
  const dialect = dialectOf(input, path);
  if (dialect === undefined) return undefined;
  const key = settings.api_key === undefined ? undefined : input.variable(settings.api_key.slice(2, -1));
  const emulated = settings.emulate === "always" || (settings.emulate === "without_key" && key === undefined);
  const vertex = settings.vertex && resolveVertex(settings.vertex, input, path);
  const baseUrl = settings.vertex
    ? resolveVertexUrl(vertex, input, path)
    : resolveBaseUrl(dialect, input, path);
  if (!settings.vertex && key === undefined && !emulated) noteMissingKey(settings, path, problems);
  if (baseUrl === undefined) return undefined;
  return {
    provider: {
      name: input.name,
      dialect,
      baseUrl,
      privateNetwork: settings.private_network,
      emulated,
      tags: settings.tags,
      promptCache: { ttlMs: settings.prompt_cache.ttl, tokensMin: settings.prompt_cache.min_tokens },
      ...(vertex && { vertex }),
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

function resolveVertexUrl(
  vertex: VertexPlace | undefined,
  input: ProviderInput,
  path: KeyPath,
): string | undefined {
  if (!vertex) return undefined;
  const written = input.settings.base_url;
  if (written === undefined) return vertexBaseUrl(vertex);
  const host = readWritten(written, input, path);
  return host === undefined ? undefined : vertexBaseUrl(vertex, host);
}

function resolveBaseUrl(
  dialect: ProviderDialectName,
  input: ProviderInput,
  path: KeyPath,
): string | undefined {
  const { settings, problems } = input;
  if (settings.base_url !== undefined) return readWritten(settings.base_url, input, path);
  const usual = baseUrls[dialect];
  if (usual === undefined) {
    problems.add([...path, "base_url"], {
      wanted: `the address of a server that speaks ${dialect}`,
    });
  }
  return usual;
}

function readWritten(written: string, input: ProviderInput, path: KeyPath): string | undefined {
  const { settings, problems } = input;
  const keyPath = [...path, "base_url"];
  const text = substituted(written, input, keyPath);
  if (text === undefined) return undefined;
  const read = readBaseUrl(text, settings.private_network);
  if (read.ok) return read.value;
  problems.add(keyPath, read.error);
  return undefined;
}

function dialectOf({ settings, problems }: ProviderInput, path: KeyPath): ProviderDialectName | undefined {
  for (const field of ["module", "export", "options"] as const) {
    if (settings[field] !== undefined)
      problems.add([...path, field], { wanted: "kind: langchain beside it, or none", actual: "one" });
  }
  if (settings.dialect === undefined)
    problems.add([...path, "dialect"], { wanted: `one of ${providerDialectNames.join(", ")}` });
  return settings.dialect;
}

/** A module speaks chat completions in this process, so that all that is done with answers of addresses is done with its own. */
function moduleProvider(input: ProviderInput, path: KeyPath): ResolvedProvider | undefined {
  const { name, settings } = input;
  const module = resolveModule(input, path);
  if (!module) return undefined;
  const emulated = settings.emulate === "always";
  return {
    provider: {
      name,
      dialect: "openai-chat",
      baseUrl: module.address,
      privateNetwork: false,
      emulated,
      tags: settings.tags,
      promptCache: { ttlMs: settings.prompt_cache.ttl, tokensMin: settings.prompt_cache.min_tokens },
    },
    ...(!emulated && { module }),
  };
}
