import type { EncodedRequest, RequestProblem, UpstreamModel, Warning } from "#core/dialects/dialect.ts";
import { encodeRequest as encodeForGemini } from "#core/dialects/gemini/encode-request.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { labelsOf } from "./labels.ts";

/** Writes a request as a generateContent body of Vertex AI. What a client calls metadata becomes labels of the bill. */
export function encodeRequest(
  request: ChatRequest,
  model: UpstreamModel,
): Result<EncodedRequest, RequestProblem> {
  const { metadata, ...rest } = request;
  const encoded = encodeForGemini(rest, model);
  if (!encoded.ok) return encoded;
  const warnings: Warning[] = [...encoded.value.warnings];
  const body = withoutForeign(encoded.value.body, warnings);
  if (metadata === undefined) return ok({ body, warnings });
  const labels = labelsOf(metadata, warnings);
  return ok({ body: Object.keys(labels).length === 0 ? body : { ...body, labels }, warnings });
}

/** Fields that only the Gemini API has: js-genai 3.3.0 refuses to send them to Vertex AI, which refuses them, too. */
function withoutForeign(body: JsonObject, warnings: Warning[]): JsonObject {
  const own = without(body, "store", warnings);
  const { generationConfig: config } = own;
  if (!isJsonObject(config)) return own;
  const generationConfig = without(config, "enableEnhancedCivicAnswers", warnings);
  return generationConfig === config ? own : { ...own, generationConfig };
}

function without(object: JsonObject, field: string, warnings: Warning[]): JsonObject {
  if (object[field] === undefined) return object;
  const { [field]: _left, ...rest } = object;
  warnings.push({
    code: "dropped-field",
    field,
    message: `"${field}" was left out: Vertex AI has no such field`,
  });
  return rest;
}
