/** How long a model takes: lognormal first-token time and output rate. */
export interface LatencyProfile {
  /** Median time from the request to the first token, without thinking, in ms. */
  readonly firstTokenMsMedian: number;
  /** Standard deviation of the logarithm of the first-token time. */
  readonly firstTokenSigma: number;
  /** Median output tokens (thinking included) per second. */
  readonly tokensPerSecondMedian: number;
  /** Standard deviation of the logarithm of the rate. */
  readonly tokensPerSecondSigma: number;
}

/** How much a model may think, as the API's thinkingConfig levels. */
export type ThinkingLevel = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH" | "XHIGH";

/** How a model's thinking is set: by a token budget (2.5), by levels (3 and later), or not at all. */
type Thinking =
  | { readonly kind: "none" }
  | {
      readonly kind: "budget";
      readonly tokensMin: number;
      readonly tokensMax: number;
      /** Whether a budget of 0 turns thinking off. */
      readonly canDisable: boolean;
      /** Whether it thinks when nothing is asked. */
      readonly byDefault: boolean;
    }
  | {
      readonly kind: "level";
      readonly levels: readonly ThinkingLevel[];
      readonly levelDefault: ThinkingLevel;
    };

/** One model of the emulated API. */
export interface EmulatedModel {
  readonly id: string;
  readonly displayName: string;
  readonly kind: "chat" | "embedding";
  /** Model generation; the request rules go by it (2.5, 3, 3.6, 4). 0 for models that are not Gemini. */
  readonly generation: number;
  readonly inputTokenLimit: number;
  readonly outputTokenLimit: number;
  readonly thinking: Thinking;
  /** From this instant (ISO 8601) on the model answers 404. */
  readonly shutDownAt?: string;
  /** Requests are served by this model, and modelVersion says so. */
  readonly routedTo?: string;
  /** Whether keys of the free tier may use it; otherwise their limit is 0. */
  readonly isFree: boolean;
  /** Shortest repeated prefix, in tokens, that implicit caching serves. */
  readonly cachedPrefixTokensMin: number;
  readonly latency: LatencyProfile;
}

const levelsLowToHigh: readonly ThinkingLevel[] = ["LOW", "MEDIUM", "HIGH"];
const levelsMinimalToHigh: readonly ThinkingLevel[] = ["MINIMAL", "LOW", "MEDIUM", "HIGH"];

function byLevel(levels: readonly ThinkingLevel[], levelDefault: ThinkingLevel): Thinking {
  return { kind: "level", levels, levelDefault };
}

/** First-token and rate medians are our own assumptions about the order of magnitude, not measurements. */
function latency(firstTokenMsMedian: number, tokensPerSecondMedian: number): LatencyProfile {
  return { firstTokenMsMedian, firstTokenSigma: 0.35, tokensPerSecondMedian, tokensPerSecondSigma: 0.2 };
}

type ChatModel = Pick<EmulatedModel, "id" | "displayName" | "generation" | "thinking" | "latency"> &
  Partial<EmulatedModel>;

function chatModel(model: ChatModel): EmulatedModel {
  return {
    kind: "chat",
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    isFree: true,
    cachedPrefixTokensMin: model.generation >= 4 ? 4096 : 1024,
    ...model,
  };
}

function embeddingModel(id: string, displayName: string, inputTokenLimit: number): EmulatedModel {
  return {
    id,
    displayName,
    kind: "embedding",
    generation: 0,
    inputTokenLimit,
    outputTokenLimit: 1,
    thinking: { kind: "none" },
    isFree: true,
    cachedPrefixTokensMin: Number.POSITIVE_INFINITY,
    latency: latency(70, 100_000),
  };
}

/**
 * The Gemini models of November 2026: names, limits, thinking levels and shutdowns from ai.google.dev (models,
 * pricing, deprecations), read 2026-11-24. Levels that the pages leave open are noted in emulator/README.md.
 */
export const geminiModels: readonly EmulatedModel[] = [
  chatModel({
    id: "gemini-4-argon",
    displayName: "Gemini 4 Argon",
    generation: 4,
    thinking: byLevel(levelsLowToHigh, "MEDIUM"),
    isFree: false,
    latency: latency(900, 120),
  }),
  chatModel({
    id: "gemini-4-carbon",
    displayName: "Gemini 4 Carbon",
    generation: 4,
    thinking: byLevel(levelsLowToHigh, "MEDIUM"),
    isFree: false,
    latency: latency(800, 140),
  }),
  chatModel({
    id: "gemini-4-hydrogen",
    displayName: "Gemini 4 Hydrogen",
    generation: 4,
    thinking: byLevel(["LOW", "MEDIUM", "HIGH", "XHIGH"], "HIGH"),
    latency: latency(600, 180),
  }),
  chatModel({
    id: "gemini-3.8-flash",
    displayName: "Gemini 3.8 Flash",
    generation: 3.8,
    thinking: byLevel(levelsLowToHigh, "MEDIUM"),
    latency: latency(420, 230),
  }),
  chatModel({
    id: "gemini-3.7-flash",
    displayName: "Gemini 3.7 Flash",
    generation: 3.7,
    thinking: byLevel(levelsLowToHigh, "MEDIUM"),
    routedTo: "gemini-3.8-flash",
    latency: latency(420, 230),
  }),
  chatModel({
    id: "gemini-3.6-flash",
    displayName: "Gemini 3.6 Flash",
    generation: 3.6,
    thinking: byLevel(levelsMinimalToHigh, "MEDIUM"),
    latency: latency(420, 220),
  }),
  chatModel({
    id: "gemini-3.5-flash",
    displayName: "Gemini 3.5 Flash",
    generation: 3.5,
    thinking: byLevel(levelsMinimalToHigh, "MEDIUM"),
    routedTo: "gemini-3.6-flash",
    latency: latency(420, 220),
  }),
  chatModel({
    id: "gemini-3.5-flash-lite",
    displayName: "Gemini 3.5 Flash-Lite",
    generation: 3.5,
    thinking: byLevel(levelsMinimalToHigh, "MINIMAL"),
    latency: latency(260, 350),
  }),
  chatModel({
    id: "gemini-3.1-flash-lite",
    displayName: "Gemini 3.1 Flash-Lite",
    generation: 3.1,
    thinking: byLevel(levelsMinimalToHigh, "MINIMAL"),
    shutDownAt: "2027-05-07T00:00:00Z",
    latency: latency(250, 340),
  }),
  chatModel({
    id: "gemini-3.1-pro-preview",
    displayName: "Gemini 3.1 Pro Preview",
    generation: 3.1,
    thinking: byLevel(levelsLowToHigh, "HIGH"),
    isFree: false,
    cachedPrefixTokensMin: 4096,
    latency: latency(1100, 100),
  }),
  chatModel({
    id: "gemini-3-flash-preview",
    displayName: "Gemini 3 Flash Preview",
    generation: 3,
    thinking: byLevel(levelsMinimalToHigh, "HIGH"),
    latency: latency(450, 200),
  }),
  chatModel({
    id: "gemini-2.5-pro",
    displayName: "Gemini 2.5 Pro",
    generation: 2.5,
    thinking: { kind: "budget", tokensMin: 128, tokensMax: 32_768, canDisable: false, byDefault: true },
    shutDownAt: "2026-12-01T00:00:00Z",
    isFree: false,
    cachedPrefixTokensMin: 4096,
    latency: latency(1200, 110),
  }),
  chatModel({
    id: "gemini-2.5-flash",
    displayName: "Gemini 2.5 Flash",
    generation: 2.5,
    thinking: { kind: "budget", tokensMin: 1, tokensMax: 24_576, canDisable: true, byDefault: true },
    shutDownAt: "2026-12-01T00:00:00Z",
    latency: latency(380, 220),
  }),
  chatModel({
    id: "gemini-2.5-flash-lite",
    displayName: "Gemini 2.5 Flash-Lite",
    generation: 2.5,
    thinking: { kind: "budget", tokensMin: 512, tokensMax: 24_576, canDisable: true, byDefault: false },
    latency: latency(220, 380),
  }),
  embeddingModel("gemini-embedding-2", "Gemini Embedding 2", 8192),
  embeddingModel("gemini-embedding-001", "Gemini Embedding 001", 2048),
];

const modelsById: ReadonlyMap<string, EmulatedModel> = new Map(
  geminiModels.map((model) => [model.id, model]),
);

/** The Gemini model of that name, also when it is shut down; undefined when there never was one. */
export function geminiModel(id: string): EmulatedModel | undefined {
  return modelsById.get(id);
}

/** True when the model has been shut down at that time. */
export function isShutDown(model: EmulatedModel, nowMs: number): boolean {
  return model.shutDownAt !== undefined && nowMs >= Date.parse(model.shutDownAt);
}

/** The model that really serves requests for this one (itself, unless it is routed to a successor). */
export function servingModel(model: EmulatedModel): EmulatedModel {
  return (model.routedTo === undefined ? undefined : modelsById.get(model.routedTo)) ?? model;
}

/** A model of some other provider, for the plain OpenAI face: no Gemini rules apply, no thinking. */
export function openModel(id: string): EmulatedModel {
  return {
    id,
    displayName: id,
    kind: "chat",
    generation: 0,
    inputTokenLimit: 131_072,
    outputTokenLimit: 32_768,
    thinking: { kind: "none" },
    isFree: true,
    cachedPrefixTokensMin: 1024,
    latency: latency(350, 90),
  };
}
