import type { JsonObject } from "../json.ts";
import type { Content, GenerateRequest, Part } from "./request.ts";
import { generateContentFields } from "./request-fields.ts";
import { readMessage } from "./read-message.ts";

/** Reads a generateContent body. Throws ApiFailure 400 for anything that is not such a request. */
export function readGenerateRequest(body: string): GenerateRequest {
  return generateRequestOf(readMessage(body, generateContentFields));
}

/** A checked message as a request: what proto3 leaves out of JSON when it is empty is put back where code relies on it. */
export function generateRequestOf(message: JsonObject): GenerateRequest {
  // readMessage checked every field against request-fields.ts, which request.ts mirrors; lists may still be absent.
  const request = message as unknown as Partial<GenerateRequest>;
  const { systemInstruction } = request;
  return {
    ...request,
    contents: (request.contents ?? []).map(withParts),
    ...(systemInstruction === undefined ? {} : { systemInstruction: withParts(systemInstruction) }),
  };
}

function withParts(content: Partial<Content>): Content {
  return { ...content, parts: (content.parts ?? []).map(withMedia) };
}

function withMedia(part: Part): Part {
  const { inlineData } = part;
  return inlineData === undefined ? part : { ...part, inlineData: { ...emptyMedia, ...inlineData } };
}

const emptyMedia = { mimeType: "", data: "" };
