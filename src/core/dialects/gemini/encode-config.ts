import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ChatRequest, GenerationParameters, OutputFormat } from "#core/llm/request.ts";
import type { Notes } from "./notes.ts";
import { present } from "#core/kernel/present.ts";
import { encodeThinking } from "./thinking.ts";

/** Writes `generationConfig`; undefined when everything is left to the model. */
export function encodeConfig(
  request: ChatRequest,
  model: UpstreamModel,
  notes: Notes,
): JsonObject | undefined {
  const { parameters } = request;
  const { temperature, topP, topK } = model.ignoresSampling
    ? droppedSampling(parameters, model, notes)
    : parameters;
  const config = present({
    temperature,
    topP,
    topK,
    maxOutputTokens: parameters.maxOutputTokens,
    stopSequences: parameters.stop,
    seed: encodeSeed(parameters.seed, notes),
    presencePenalty: parameters.presencePenalty,
    frequencyPenalty: parameters.frequencyPenalty,
    candidateCount: encodeCandidateCount(parameters.candidateCount, model, notes),
    responseLogprobs: parameters.logprobs,
    logprobs: parameters.topLogprobs,
    ...encodeOutput(request.output),
    thinkingConfig: encodeThinking(request.thinking, model, notes),
  });
  return Object.keys(config).length === 0 ? undefined : config;
}

function droppedSampling(
  { temperature, topP, topK }: GenerationParameters,
  model: UpstreamModel,
  notes: Notes,
): GenerationParameters {
  const sampling = present({ temperature, topP, topK });
  for (const name of Object.keys(sampling)) notes.dropped(name, `${model.id} ignores it`);
  return {};
}

const seedMax = 2 ** 31 - 1; // int32 in Gemini's API; OpenAI's seeds have 64 bits

function encodeSeed(seed: number | undefined, notes: Notes): number | undefined {
  if (seed === undefined || Math.abs(seed) <= seedMax) return seed;
  notes.approximated("seed", `Gemini takes seeds up to ${seedMax}; it was given the remainder`);
  return Math.trunc(seed % (seedMax + 1));
}

/** Models that ignore sampling (3.6 and later) give one answer only, and need not be asked for one. */
function encodeCandidateCount(
  count: number | undefined,
  model: UpstreamModel,
  notes: Notes,
): number | undefined {
  if (!model.ignoresSampling || count === undefined) return count;
  if (count > 1) notes.unsupported("n", `${model.id} gives one answer to a request`);
  return undefined;
}

function encodeOutput(output: OutputFormat): JsonObject {
  switch (output.type) {
    case "text":
      return {};
    case "json":
      return { responseMimeType: "application/json" };
    case "json-schema":
      return { responseMimeType: "application/json", ...encodeSchema(output) };
  }
}

/** Real JSON Schema goes where Gemini takes it. Its description tells the model what the whole is for. */
function encodeSchema(output: Extract<OutputFormat, { readonly type: "json-schema" }>): JsonObject {
  if (output.notation === "gemini-schema") return { responseSchema: output.schema };
  return { responseJsonSchema: { ...present({ description: output.description }), ...output.schema } };
}
