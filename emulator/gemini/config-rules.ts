import { invalidArgument } from "../api-failure.ts";
import type { EmulatedModel } from "../models.ts";
import type { GenerateRequest, GenerationConfig } from "./request.ts";
import { checkSchema } from "./schema-rules.ts";

const stopSequencesMax = 5;
const candidateCountMax = 8;
const mimeTypes = new Set([
  "text/plain",
  "application/json",
  "text/x.enum",
  "application/xml",
  "application/yaml",
]);

/** Rules about generationConfig. Temperature, topP and topK are ignored from 3.6 on, so they are not checked there. */
export function checkConfig(request: GenerateRequest, model: EmulatedModel): void {
  const config = request.generationConfig ?? {};
  if (model.generation < 3.6) checkSampling(config);
  checkCount(config, model);
  checkLength(config, model);
  if ((config.stopSequences?.length ?? 0) > stopSequencesMax) {
    throw invalidArgument(`The number of stop_sequences must not exceed ${stopSequencesMax}.`);
  }
  checkLogprobs(config, model);
  const modality = config.responseModalities?.find((name) => name !== "TEXT");
  if (modality !== undefined) {
    throw invalidArgument(
      `Model does not support the requested response modalities: ${modality.toLowerCase()}`,
    );
  }
  checkStructure(request, config, model);
}

const logprobsMax = 20; // https://ai.google.dev/api/generate-content#generationconfig, read 2026-11-26

/** As with candidates, models that ignore sampling tell none. */
function checkLogprobs({ responseLogprobs, logprobs }: GenerationConfig, model: EmulatedModel): void {
  if (responseLogprobs !== true && logprobs === undefined) return;
  if (model.generation >= 3.6) throw invalidArgument(`Logprobs is not enabled for models/${model.id}`);
  if (responseLogprobs !== true) {
    throw invalidArgument("logprobs can only be set when response_logprobs is true.");
  }
  if (logprobs === undefined || (logprobs >= 0 && logprobs <= logprobsMax)) return;
  throw invalidArgument(
    `* GenerateContentRequest.generation_config.logprobs: logprobs must be in the range [0, ${logprobsMax}].\n`,
  );
}

function checkSampling({ temperature, topP, topK }: GenerationConfig): void {
  checkRange("temperature", temperature, 0, 2);
  checkRange("top_p", topP, 0, 1);
  if (topK !== undefined && topK < 1)
    throw invalidArgument("* GenerateContentRequest.generation_config.top_k: top_k must be positive.\n");
}

function checkRange(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (value >= min && value <= max)) return;
  throw invalidArgument(
    `* GenerateContentRequest.generation_config.${name}: ${name} must be in the range [${min.toFixed(1)}, ${max.toFixed(1)}].\n`,
  );
}

function checkCount({ candidateCount = 1 }: GenerationConfig, model: EmulatedModel): void {
  if (candidateCount < 1 || candidateCount > candidateCountMax) {
    throw invalidArgument(
      `* GenerateContentRequest.generation_config.candidate_count: candidate_count must be in the range [1, ${candidateCountMax}].\n`,
    );
  }
  if (candidateCount > 1 && model.generation >= 3.6) {
    throw invalidArgument("Multiple candidates is not enabled for this model");
  }
}

/** Gemini 4 shares one window between input and output; one answer may go over several requests. */
function checkLength({ maxOutputTokens }: GenerationConfig, model: EmulatedModel): void {
  if (maxOutputTokens === undefined) return;
  const limit = model.generation >= 4 ? model.inputTokenLimit : model.outputTokenLimit;
  if (maxOutputTokens >= 1 && maxOutputTokens <= limit) return;
  throw invalidArgument(
    `Unable to submit request because it has a maxOutputTokens value of ${maxOutputTokens} but the supported range is ` +
      `from 1 (inclusive) to ${limit + 1} (exclusive). Update the value and try again.`,
  );
}

function checkStructure(request: GenerateRequest, config: GenerationConfig, model: EmulatedModel): void {
  const { responseMimeType, responseSchema, responseJsonSchema } = config;
  const field = "* GenerateContentRequest.generation_config.response";
  if (responseMimeType !== undefined && !mimeTypes.has(responseMimeType)) {
    throw invalidArgument(
      `${field}_mime_type: allowed mimetypes are \`text/plain\`, \`application/json\`, \`application/xml\`, \`application/yaml\` and \`text/x.enum\`.\n`,
    );
  }
  if (responseSchema !== undefined && responseJsonSchema !== undefined) {
    throw invalidArgument(
      `${field}_json_schema: only one of response_schema and response_json_schema may be set.\n`,
    );
  }
  const isStructured = responseMimeType === "application/json" || responseMimeType === "text/x.enum";
  if ((responseSchema !== undefined || responseJsonSchema !== undefined) && !isStructured) {
    throw invalidArgument(
      `${field}_schema: only allowed with response_mime_type \`application/json\` or \`text/x.enum\`.\n`,
    );
  }
  if (responseSchema !== undefined) checkSchema(responseSchema, "generation_config.response_schema");
  const hasFunctions = request.tools?.some((tool) => (tool.functionDeclarations ?? []).length > 0) === true;
  if (isStructured && hasFunctions && model.generation < 3) {
    throw invalidArgument(`Function calling with a response mime type: '${responseMimeType}' is unsupported`);
  }
}
