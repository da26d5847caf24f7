import { invalidArgument } from "../api-failure.ts";
import type { EmbedRequest } from "../gemini/serve-embed.ts";
import { embedTokens } from "../gemini/serve-embed.ts";
import { embedding, embeddingDimensionsMax } from "../answers/embedding.ts";
import { isJsonObject } from "../json.ts";
import type { JsonObject } from "../json.ts";
import { textTokens } from "../tokens.ts";

/** Methods of a model that Vertex AI shares with the Gemini API. */
type SharedMethod = "generateContent" | "streamGenerateContent" | "countTokens" | "embedContent";

/**
 * A body of Vertex AI as the Gemini API takes it, once Vertex AI's own rules hold: turns name their role, labels may be
 * there, tokens are counted of a bare request, embeddings have their settings apart.
 */
export function geminiBodyOf(method: SharedMethod, body: string): string {
  const message = parsed(body);
  if (message === undefined) return body;
  if (method === "embedContent") {
    const { embedContentConfig, ...rest } = message;
    return JSON.stringify({ ...rest, ...(isJsonObject(embedContentConfig) && embedContentConfig) });
  }
  checkRoles(message);
  const { labels, ...rest } = message;
  checkLabels(labels);
  if (method !== "countTokens") return JSON.stringify(rest);
  if (message["generateContentRequest"] !== undefined) throw unknownName("generateContentRequest");
  return JSON.stringify({ generateContentRequest: rest });
}

function parsed(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // What is no JSON is refused by the reader of the Gemini API, in the API's words.
    return undefined;
  }
}

function checkRoles({ contents }: JsonObject): void {
  const turns = Array.isArray(contents) ? contents : [];
  for (const turn of turns) {
    if (isJsonObject(turn) && turn["role"] !== "user" && turn["role"] !== "model")
      throw invalidArgument("Please use a valid role: user, model.");
  }
}

function checkLabels(labels: unknown): void {
  if (labels === undefined) return;
  const isRight =
    isJsonObject(labels) &&
    Object.entries(labels).every(
      ([key, value]) =>
        /^[a-z][a-z0-9_-]{0,62}$/.test(key) && typeof value === "string" && /^[a-z0-9_-]{0,63}$/.test(value),
    );
  if (!isRight)
    throw invalidArgument("Invalid label: keys and values may hold small letters, digits, _ and -.");
}

function unknownName(name: string): ReturnType<typeof invalidArgument> {
  return invalidArgument(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`);
}

/** Reads a predict body of an embedding model. */
export function readPredictRequest(body: string): readonly EmbedRequest[] {
  const { instances, parameters } = parsed(body) ?? {};
  if (!Array.isArray(instances) || instances.length === 0) throw invalidArgument("Empty instances.");
  const wanted = isJsonObject(parameters) ? parameters["outputDimensionality"] : undefined;
  const dimensions = typeof wanted === "number" ? wanted : embeddingDimensionsMax;
  if (dimensions < 1 || dimensions > embeddingDimensionsMax)
    throw invalidArgument("Wrong outputDimensionality.");
  return instances.map((instance) => {
    const text = isJsonObject(instance) ? instance["content"] : undefined;
    if (typeof text !== "string" || text === "") throw invalidArgument("The text content is empty.");
    return { text, dimensions };
  });
}

/** The answer of predict. */
export function predictResponse(requests: readonly EmbedRequest[]): JsonObject {
  return {
    predictions: requests.map((request) => ({
      embeddings: {
        values: embedding(request.text, request.dimensions),
        statistics: { token_count: embedTokens([request]), truncated: false },
      },
    })),
    metadata: { billableCharacterCount: requests.reduce((sum, { text }) => sum + textTokens(text) * 4, 0) },
  };
}
