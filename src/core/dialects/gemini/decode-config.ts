import { isJsonObject, type Json } from "#core/kernel/json.ts";
import type {
  GenerationParameters,
  OutputFormat,
  SafetySetting,
  Thinking,
  ThinkingLevel,
} from "#core/llm/request.ts";
import { isList } from "#core/kernel/json.ts";
import { type Fields } from "./fields.ts";
import { present } from "#core/kernel/present.ts";

/** Reads how the answer is sampled from `generationConfig`. */
export function decodeParameters(config: Fields | undefined): GenerationParameters {
  if (!config) return {};
  const stop = config.texts("stopSequences");
  return present({
    temperature: config.number("temperature"),
    topP: config.number("topP"),
    topK: config.number("topK"),
    maxOutputTokens: config.integer("maxOutputTokens"),
    stop: stop.length === 0 ? undefined : stop,
    seed: config.integer("seed"),
    presencePenalty: config.number("presencePenalty"),
    frequencyPenalty: config.number("frequencyPenalty"),
    candidateCount: config.integer("candidateCount"),
    logprobs: config.flag("responseLogprobs"),
    topLogprobs: config.integer("logprobs"),
  });
}

/**
 * Reads what the answer must look like. Media types other than text and JSON (`text/x.enum`) stay unread with their
 * schema, and go back to Gemini as they came.
 */
export function decodeOutput(config: Fields | undefined): OutputFormat {
  if (!config || keepsItsMimeType(config)) return { type: "text" };
  const mimeType = config.text("responseMimeType");
  const geminiSchema = config.json("responseSchema");
  const jsonSchema = config.json("responseJsonSchema");
  if (geminiSchema && jsonSchema) {
    config.problems.invalid(config.path, "responseSchema or responseJsonSchema", "both");
  }
  if (jsonSchema) return { type: "json-schema", schema: jsonSchema, notation: "json-schema" };
  if (geminiSchema) return { type: "json-schema", schema: geminiSchema, notation: "gemini-schema" };
  return { type: mimeType === "application/json" ? "json" : "text" };
}

function keepsItsMimeType(config: Fields): boolean {
  const mimeType = config.peek("responseMimeType");
  return typeof mimeType === "string" && mimeType !== "application/json" && mimeType !== "text/plain";
}

const levels: Readonly<Record<"MINIMAL" | "LOW" | "MEDIUM" | "HIGH" | "XHIGH", ThinkingLevel>> = {
  MINIMAL: "minimal",
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
  XHIGH: "xhigh",
};

const levelWords = ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH"] as const;

/** Reads `thinkingConfig`. Gemini takes a level or a budget, never both. */
export function decodeThinking(thinking: Fields | undefined): Thinking {
  if (!thinking) return {};
  const word = thinking.word("thinkingLevel", levelWords);
  const level = word === undefined || word === "THINKING_LEVEL_UNSPECIFIED" ? undefined : levels[word];
  const budgetTokens = thinking.integer("thinkingBudget");
  if (level !== undefined && budgetTokens !== undefined) {
    thinking.problems.invalid(thinking.path, "thinkingLevel or thinkingBudget", "both");
  }
  return present({ level, budgetTokens, include: thinking.flag("includeThoughts") });
}

/** Reads `safetySettings`. Where one has more than a category and a threshold, all stay unread and go back as they came. */
export function decodeSafety(request: Fields): readonly SafetySetting[] {
  const settings = request.peek("safetySettings");
  if (settings === undefined || (isList(settings) && settings.some(hasMore))) return [];
  return request.children("safetySettings").map((setting) => ({
    category: setting.requiredText("category"),
    threshold: setting.requiredText("threshold"),
  }));
}

function hasMore(setting: Json): boolean {
  return (
    isJsonObject(setting) && Object.keys(setting).some((key) => key !== "category" && key !== "threshold")
  );
}
