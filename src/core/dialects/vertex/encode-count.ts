import type { JsonObject } from "#core/kernel/json.ts";

/** What Vertex AI counts of a request; anything else it refuses. */
const counted = ["contents", "systemInstruction", "tools", "generationConfig"] as const;

/** Writes a countTokens body from a generateContent body. */
export function encodeCountTokensRequest(generateContentBody: JsonObject): JsonObject {
  const body: Record<string, JsonObject[string]> = {};
  for (const name of counted) {
    const value = generateContentBody[name];
    if (value !== undefined) body[name] = value;
  }
  return body;
}
