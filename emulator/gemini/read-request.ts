import type { JsonObject } from "../json.ts";
import type { GenerateRequest } from "./request.ts";
import { generateContentFields } from "./request-fields.ts";
import { readMessage } from "./read-message.ts";

/** Reads a generateContent body. Throws ApiFailure 400 for anything that is not such a request. */
export function readGenerateRequest(body: string): GenerateRequest {
  return generateRequestOf(readMessage(body, generateContentFields));
}

/** A checked message as a request: lists that the code relies on are there, even when the body left them out. */
export function generateRequestOf(message: JsonObject): GenerateRequest {
  // readMessage checked every field against request-fields.ts, which request.ts mirrors.
  const request = message as unknown as GenerateRequest;
  const { systemInstruction } = request;
  return {
    ...request,
    contents: (request.contents ?? []).map((content) => ({ ...content, parts: content.parts ?? [] })),
    ...(systemInstruction === undefined
      ? {}
      : { systemInstruction: { ...systemInstruction, parts: systemInstruction.parts ?? [] } }),
  };
}
