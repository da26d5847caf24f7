import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { totalTokens, type ServiceTier, type Usage } from "#core/llm/usage.ts";
import { isList } from "#core/kernel/json.ts";
import { type Fields } from "./fields.ts";

/** Reads `usageMetadata`. Counts that are left out are 0; a report with a count below 0 is not believed: undefined. */
export function decodeUsage(metadata: Fields): Usage | undefined {
  if (counts.some((name) => Number(metadata.value(name) ?? 0) < 0)) return undefined;
  return {
    inputTokens: count(metadata.value("promptTokenCount")),
    cachedInputTokens: count(metadata.value("cachedContentTokenCount")),
    toolInputTokens: count(metadata.value("toolUsePromptTokenCount")),
    outputTokens: count(metadata.value("candidatesTokenCount")),
    thinkingTokens: count(metadata.value("thoughtsTokenCount")),
    ...byModality("inputByModality", metadata.value("promptTokensDetails")),
    ...byModality("cachedByModality", metadata.value("cacheTokensDetails")),
    ...byModality("outputByModality", metadata.value("candidatesTokensDetails")),
    ...tier(metadata),
  };
}

/** The counts that a report is believed or not with. */
const counts = [
  "promptTokenCount",
  "cachedContentTokenCount",
  "toolUsePromptTokenCount",
  "candidatesTokenCount",
  "thoughtsTokenCount",
];

/** Google's own words for qualities of service, in small letters: of the Gemini API and of Vertex. */
const tierWords: ReadonlyMap<string, ServiceTier> = new Map([
  ["standard", "standard"],
  ["flex", "flex"],
  ["priority", "priority"],
  ["batch", "batch"],
  ["on_demand", "standard"],
  ["on_demand_flex", "flex"],
  ["on_demand_priority", "priority"],
]);

/**
 * The quality of service by the answer's header. Where priority is asked for beyond its limits, Gemini serves (and
 * bills) standard instead: https://ai.google.dev/gemini-api/docs/priority-inference, read 2026-11-25.
 */
export function servedTier(headers: Readonly<Record<string, string>>): ServiceTier | undefined {
  return tierOf(headers["x-gemini-service-tier"]);
}

function tier(metadata: Fields): { readonly serviceTier?: ServiceTier } {
  const serviceTier = tierOf(metadata.value("serviceTier") ?? metadata.value("trafficType"));
  return serviceTier ? { serviceTier } : {};
}

/** Both cases are seen: proto enums are written in capitals, the API's own words are not. */
function tierOf(word: Json | undefined): ServiceTier | undefined {
  return typeof word === "string" ? tierWords.get(word.toLowerCase()) : undefined;
}

/** Writes `usageMetadata`. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens,
    totalTokenCount: totalTokens(usage),
    ...(usage.thinkingTokens > 0 && { thoughtsTokenCount: usage.thinkingTokens }),
    ...(usage.cachedInputTokens > 0 && { cachedContentTokenCount: usage.cachedInputTokens }),
    ...(usage.toolInputTokens > 0 && { toolUsePromptTokenCount: usage.toolInputTokens }),
    ...details("promptTokensDetails", usage.inputByModality),
    ...details("cacheTokensDetails", usage.cachedByModality),
    ...details("candidatesTokensDetails", usage.outputByModality),
    ...(usage.serviceTier && { serviceTier: usage.serviceTier }),
  };
}

/** A count as a provider reports it: a number, or an int64 as a string; anything else is none. */
export function count(value: Json | undefined): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number > 0 ? Math.trunc(number) : 0;
}

type Modalities = Readonly<Record<string, number>>;

/** A list of counts by modality as a property to spread; nothing when it is empty. */
export function byModality<Name extends string>(
  name: Name,
  list: Json | undefined,
): { readonly [Key in Name]?: Modalities } {
  const counts = new Map<string, number>();
  for (const item of isList(list) ? list : []) {
    if (!isJsonObject(item) || typeof item["modality"] !== "string") continue;
    const modality = item["modality"].toLowerCase();
    counts.set(modality, (counts.get(modality) ?? 0) + count(item["tokenCount"] ?? item["token_count"]));
  }
  // The computed key is Name, which the type of a computed property does not tell.
  return (counts.size === 0 ? {} : { [name]: Object.fromEntries(counts) }) as { [Key in Name]?: Modalities };
}

/** The same list, written. */
export function details(name: string, counts: Modalities | undefined): JsonObject {
  if (!counts) return {};
  const list = Object.entries(counts).map(([modality, tokenCount]) => ({
    modality: modality.toUpperCase(),
    tokenCount,
  }));
  return { [name]: list };
}
