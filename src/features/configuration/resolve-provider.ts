import { Secret } from "#core/kernel/secret.ts";
import type { ProviderDialectName } from "#core/llm/dialect-name.ts";
import { readBaseUrl } from "./base-url.ts";
import type { Provider, VertexPlace } from "./configuration.ts";
import type { ProblemList } from "./problem-list.ts";
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
  const vertex = settings.vertex && resolveVertex(settings.vertex, input, path);
  const baseUrl = settings.vertex ? resolveVertexUrl(vertex, input, path) : resolveBaseUrl(input, path);
  if (!settings.vertex && key === undefined && !emulated) noteMissingKey(settings, path, problems);
  if (baseUrl === undefined) return undefined;
  return {
    provider: {
      name: input.name,
      dialect: settings.dialect,
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

function resolveBaseUrl(input: ProviderInput, path: KeyPath): string | undefined {
  const { settings, problems } = input;
  if (settings.base_url !== undefined) return readWritten(settings.base_url, input, path);
  const usual = baseUrls[settings.dialect];
  if (usual === undefined) {
    problems.add([...path, "base_url"], {
      wanted: `the address of a server that speaks ${settings.dialect}`,
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
