import type { ThinkingLevel } from "#core/llm/request.ts";
import type { CatalogModel, ModelLifecycle, ModelThinking } from "./catalog-model.ts";

/*
 * The Gemini models of November 2026. Sources, all read 2026-11-24:
 * - ids, limits, thinking levels:  https://ai.google.dev/gemini-api/docs/models and .../docs/thinking
 * - shutdowns and replacements:    https://ai.google.dev/gemini-api/docs/deprecations
 * - rules per generation:          https://ai.google.dev/gemini-api/docs/latest-model (migration guides)
 * - thinking budgets of 2.5:       https://ai.google.dev/gemini-api/docs/thinking#set-budget
 * Where the pages name no replacement of a superseded Flash, it is the newest Flash: Google routes each to the next.
 * Prices have a table of their own, because they change by date.
 */

const minimalToHigh: readonly ThinkingLevel[] = ["minimal", "low", "medium", "high"];
const lowToHigh: readonly ThinkingLevel[] = ["low", "medium", "high"];

function byLevel(levels: readonly ThinkingLevel[], levelDefault?: ThinkingLevel): ModelThinking {
  return { mode: "level", levels, ...(levelDefault !== undefined && { levelDefault }) };
}

/** What the models of one generation have in common. */
type Generation = Omit<CatalogModel, "id" | "displayName" | "description" | "lifecycle" | "thinking">;

const generation25: Generation = {
  operations: ["chat"],
  contextTokens: 1_048_576,
  outputSharesContext: false,
  outputTokensMax: 65_536,
  media: ["image", "audio", "video", "document"],
  tools: true,
  structuredOutput: true,
  explicitCaching: true,
  ignoresSampling: false,
  needsThoughtSignatures: false,
  acceptsPrefill: true,
};
/** 3 to 3.5: thought signatures must come back. */
const generation3: Generation = { ...generation25, needsThoughtSignatures: true };
/** 3.6 to 3.8: sampling parameters are ignored, a last turn of the model is refused. */
const generation36: Generation = { ...generation3, ignoresSampling: true, acceptsPrefill: false };
/** 4: the answer shares the context, caching is implicit only. */
const generation4: Generation = { ...generation36, outputSharesContext: true, explicitCaching: false };

function active(lifecycle: Partial<ModelLifecycle> = {}): ModelLifecycle {
  return { stage: "general", deprecated: false, ...lifecycle };
}

function embedding(id: string, displayName: string, contextTokens: number): CatalogModel {
  return {
    id,
    displayName,
    description: "Turns text into vectors for search, clustering and classification.",
    operations: ["embeddings"],
    lifecycle: active(),
    contextTokens,
    outputSharesContext: false,
    thinking: { mode: "none" },
    media: [],
    tools: false,
    structuredOutput: false,
    explicitCaching: false,
    ignoresSampling: false,
    needsThoughtSignatures: false,
    acceptsPrefill: false,
  };
}

/** Newest first. */
export const geminiModels: readonly CatalogModel[] = [
  {
    ...generation4,
    id: "gemini-4-hydrogen",
    displayName: "Gemini 4 Hydrogen",
    description: "The least expensive model of generation 4, with the widest choice of effort.",
    lifecycle: active({ releasedOn: "2026-11-12" }),
    thinking: byLevel(["low", "medium", "high", "xhigh"], "high"),
  },
  {
    ...generation4,
    id: "gemini-4-carbon",
    displayName: "Gemini 4 Carbon",
    description: "A model of generation 4, priced as Argon.",
    lifecycle: active({ releasedOn: "2026-11-10" }),
    thinking: byLevel(lowToHigh),
  },
  {
    ...generation4,
    id: "gemini-4-argon",
    displayName: "Gemini 4 Argon",
    description: "The first model of generation 4.",
    lifecycle: active({ releasedOn: "2026-10-13" }),
    thinking: byLevel(lowToHigh, "medium"),
  },
  {
    ...generation36,
    id: "gemini-3.8-flash",
    displayName: "Gemini 3.8 Flash",
    description: "The everyday model: quick, with tools and media.",
    lifecycle: active({ releasedOn: "2026-09-02" }),
    thinking: byLevel(lowToHigh),
  },
  {
    ...generation36,
    id: "gemini-3.7-flash",
    displayName: "Gemini 3.7 Flash",
    description: "Superseded: Google answers with 3.8 Flash.",
    lifecycle: active({ deprecated: true, replacement: "gemini-3.8-flash", routedTo: "gemini-3.8-flash" }),
    thinking: byLevel(lowToHigh),
  },
  {
    ...generation36,
    id: "gemini-3.6-flash",
    displayName: "Gemini 3.6 Flash",
    description: "Superseded by 3.8 Flash; the last Flash that thinks minimally.",
    lifecycle: active({ deprecated: true, replacement: "gemini-3.8-flash" }),
    thinking: byLevel(minimalToHigh),
  },
  {
    ...generation3,
    // Those of the model that answers.
    ignoresSampling: generation36.ignoresSampling,
    acceptsPrefill: generation36.acceptsPrefill,
    id: "gemini-3.5-flash",
    displayName: "Gemini 3.5 Flash",
    description: "Superseded: Google answers with 3.6 Flash.",
    lifecycle: active({ deprecated: true, replacement: "gemini-3.8-flash", routedTo: "gemini-3.6-flash" }),
    thinking: byLevel(minimalToHigh),
  },
  {
    ...generation3,
    id: "gemini-3.5-flash-lite",
    displayName: "Gemini 3.5 Flash-Lite",
    description: "Fast and inexpensive: classification, extraction, short answers.",
    lifecycle: active({ releasedOn: "2026-07-21" }),
    thinking: byLevel(minimalToHigh, "minimal"),
  },
  {
    ...generation3,
    id: "gemini-3.1-flash-lite",
    displayName: "Gemini 3.1 Flash-Lite",
    description: "The previous Flash-Lite, kept until May 2027.",
    lifecycle: active({ shutDownOn: "2027-05-07" }),
    thinking: byLevel(minimalToHigh),
  },
  {
    ...generation3,
    id: "gemini-3.1-pro-preview",
    displayName: "Gemini 3.1 Pro (preview)",
    description: "A preview of the larger model of generation 3.",
    lifecycle: active({ stage: "preview" }),
    thinking: byLevel(lowToHigh),
  },
  {
    ...generation3,
    id: "gemini-3-flash-preview",
    displayName: "Gemini 3 Flash (preview)",
    description: "A preview of the first Flash of generation 3.",
    lifecycle: active({ stage: "preview" }),
    thinking: byLevel(minimalToHigh),
  },
  {
    ...generation25,
    id: "gemini-2.5-pro",
    displayName: "Gemini 2.5 Pro",
    description: "The larger model of generation 2.5; ends on 2026-12-01.",
    lifecycle: active({ deprecated: true, shutDownOn: "2026-12-01", replacement: "gemini-3.8-flash" }),
    thinking: { mode: "budget", tokensMin: 128, tokensMax: 32_768, canDisable: false },
  },
  {
    ...generation25,
    id: "gemini-2.5-flash",
    displayName: "Gemini 2.5 Flash",
    description: "The Flash of generation 2.5; ends on 2026-12-01.",
    lifecycle: active({ deprecated: true, shutDownOn: "2026-12-01", replacement: "gemini-3.5-flash-lite" }),
    thinking: { mode: "budget", tokensMin: 1, tokensMax: 24_576, canDisable: true },
  },
  {
    ...generation25,
    id: "gemini-2.5-flash-lite",
    displayName: "Gemini 2.5 Flash-Lite",
    description: "The least expensive model; stays until further notice.",
    lifecycle: active(),
    thinking: { mode: "budget", tokensMin: 512, tokensMax: 24_576, canDisable: true },
  },
  embedding("gemini-embedding-2", "Gemini Embedding 2", 8_192),
  embedding("gemini-embedding-001", "Gemini Embedding 001", 2_048),
];
