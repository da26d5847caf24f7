import { embedding, embeddingDimensionsMax } from "../answers/embedding.ts";
import { parseJson } from "../gemini/read-message.ts";
import type { Json } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { textTokens } from "../tokens.ts";
import { badOpenAiRequest } from "./errors.ts";
import type { EmbeddingsBody } from "./response-bodies.ts";
import { optionalNumber, optionalText, requiredText } from "./read-fields.ts";

/** An embeddings request. */
export interface EmbeddingsRequest {
  readonly model: string;
  readonly inputs: readonly string[];
  readonly dimensions: number;
  readonly format: "float" | "base64";
}

const inputsMax = 2048;

/** Reads an embeddings body: a text, texts, or token lists (embedded as their numbers). */
export function readEmbeddingsRequest(body: string): EmbeddingsRequest {
  const object = parseJson(body);
  if (!isJsonObject(object)) throw badOpenAiRequest("The body must be a JSON object.", "");
  const fields = { object, path: "" };
  const inputs = inputTexts(object["input"]);
  if (inputs.length === 0 || inputs.length > inputsMax || inputs.includes("")) {
    throw badOpenAiRequest(`Invalid 'input': expected 1 to ${inputsMax} texts that are not empty.`, "input");
  }
  const dimensions = optionalNumber(fields, "dimensions") ?? embeddingDimensionsMax;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > embeddingDimensionsMax) {
    throw badOpenAiRequest(
      `Invalid 'dimensions': expected a whole number from 1 to ${embeddingDimensionsMax}.`,
      "dimensions",
    );
  }
  const format = optionalText(fields, "encoding_format") ?? "float";
  if (format !== "float" && format !== "base64")
    throw badOpenAiRequest("Invalid value for 'encoding_format'.", "encoding_format");
  return { model: requiredText(fields, "model"), inputs, dimensions, format };
}

function inputTexts(input: Json | undefined): readonly string[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input)) return [];
  if (input.length > 0 && input.every((item) => typeof item === "number")) return [input.join(" ")];
  return input.map((item) => (Array.isArray(item) ? item.join(" ") : typeof item === "string" ? item : ""));
}

/** Tokens of everything to embed. */
export function embeddingsTokens({ inputs }: EmbeddingsRequest): number {
  return inputs.reduce((sum, text) => sum + textTokens(text), 0);
}

/** The answer of embeddings. */
export function embeddingsResponse(request: EmbeddingsRequest): EmbeddingsBody<number[] | string> {
  const data = request.inputs.map((text, index) => {
    const vector = embedding(text, request.dimensions);
    return {
      object: "embedding" as const,
      index,
      embedding: request.format === "float" ? vector : floatsAsBase64(vector),
    };
  });
  const tokens = embeddingsTokens(request);
  return {
    object: "list",
    data,
    model: request.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

function floatsAsBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, entry] of vector.entries()) bytes.writeFloatLE(entry, index * 4);
  return bytes.toString("base64");
}
