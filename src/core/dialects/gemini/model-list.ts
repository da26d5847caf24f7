import type { JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";

/** A model, or what goes by its name, as a list of models tells it. */
export interface ListedModel {
  /** Its name without `models/`. */
  readonly id: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly version?: string;
  /** Tokens of the prompt at most. */
  readonly inputTokensMax?: number;
  /** Tokens of an answer at most. */
  readonly outputTokensMax?: number;
  /** Whether it chats, makes vectors, or both. */
  readonly operations: readonly ("chat" | "embeddings")[];
  readonly thinks?: boolean;
}

/** A page of the list of models. */
export function encodeModelList(models: readonly ListedModel[], nextPageToken?: string): JsonObject {
  return { models: models.map(encodeModel), ...present({ nextPageToken }) };
}

/** One model of the list. */
export function encodeModel(model: ListedModel): JsonObject {
  return {
    name: `models/${model.id}`,
    version: model.version ?? "001",
    displayName: model.displayName ?? model.id,
    ...present({
      description: model.description,
      inputTokenLimit: model.inputTokensMax,
      outputTokenLimit: model.outputTokensMax,
    }),
    supportedGenerationMethods: model.operations.flatMap((operation) => methods[operation]),
    ...present({ thinking: model.thinks }),
  };
}

/** Gemini's methods: https://ai.google.dev/api/models#Model, read 2026-11-24. */
const methods = {
  chat: ["generateContent", "countTokens"],
  embeddings: ["embedContent"],
} as const;
