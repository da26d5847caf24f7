import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { totalTokens, type ServiceTier, type Usage } from "#core/llm/usage.ts";
import { isList } from "#core/kernel/json.ts";
import { type Fields } from "./fields.ts";

/** Reads `usageMetadata`. Counts that are left out are 0; a report with a count below 0 is not believed: undefined. */
export function decodeUsage(metadata: Fields): Usage | undefined {
  // Looked at only: what of a report is not read is not kept.
  const input = metadata.peek("promptTokenCount");
  const cached = metadata.peek("cachedContentTokenCount");
  const tool = metadata.peek("toolUsePromptTokenCount");
  const output = metadata.peek("candidatesTokenCount");
  const thinking = metadata.peek("thoughtsTokenCount");
  if (isBelowZero(input) || isBelowZero(cached) || isBelowZero(tool)) return undefined;
  if (isBelowZero(output) || isBelowZero(thinking)) return undefined;
  const inputByModality = byModality(metadata.peek("promptTokensDetails"));
  const cachedByModality = byModality(metadata.peek("cacheTokensDetails"));
  const outputByModality = byModality(metadata.peek("candidatesTokensDetails"));
  const serviceTier = tierOf(metadata.peek("serviceTier") ?? metadata.peek("trafficType"));
  return {
    inputTokens: count(input),
    cachedInputTokens: count(cached),
    toolInputTokens: count(tool),
    outputTokens: count(output),
    thinkingTokens: count(thinking),
    ...(inputByModality && { inputByModality }),
    ...(cachedByModality && { cachedByModality }),
    ...(outputByModality && { outputByModality }),
    ...(serviceTier && { serviceTier }),
  };
}

function isBelowZero(value: Json | undefined): boolean {
  // An object may have a `toString` of its own, which is no function: it cannot be asked for a number.
  return (typeof value === "number" || typeof value === "string") && Number(value) < 0;
}

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

/** A list of counts by modality, those of one modality added up; undefined when there are none. */
export function byModality(list: Json | undefined): Modalities | undefined {
  if (!isList(list)) return undefined;
  // A list of one is what nearly every frame of a stream repeats: it needs no adding up.
  if (list.length <= 1) return single(list[0]);
  const counts = new Map<string, number>();
  for (const item of list) {
    const modality = modalityOf(item);
    if (modality !== undefined) counts.set(modality, (counts.get(modality) ?? 0) + tokensOf(item));
  }
  return counts.size === 0 ? undefined : Object.fromEntries(counts);
}

function single(item: Json | undefined): Modalities | undefined {
  const modality = modalityOf(item);
  return modality === undefined ? undefined : { [modality]: tokensOf(item) };
}

function modalityOf(item: Json | undefined): string | undefined {
  const modality = isJsonObject(item) ? item["modality"] : undefined;
  return typeof modality === "string" ? modality.toLowerCase() : undefined;
}

function tokensOf(item: Json | undefined): number {
  return isJsonObject(item) ? count(item["tokenCount"] ?? item["token_count"]) : 0;
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
