import { invalidArgument } from "../api-failure.ts";
import { parseJson } from "../gemini/read-message.ts";
import { dummySignature } from "../gemini/signatures.ts";
import type { Content, FunctionDeclaration, GenerateRequest, Part } from "../gemini/request.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** What a request for an interaction says. */
export interface InteractionRequest {
  readonly model: string;
  readonly isStream: boolean;
  /** Whether it is remembered, so that it can be read again and gone on with. */
  readonly isKept: boolean;
  /** Whether it is answered later, to whoever asks for it. */
  readonly isBackground: boolean;
  readonly previousId?: string;
  /** The new turns and all settings. */
  readonly request: GenerateRequest;
}

/** Reads the body of POST interactions: https://ai.google.dev/api/interactions-api, read 2026-11-26. */
export function readInteraction(body: string): InteractionRequest {
  const value = parseJson(body);
  if (!isJsonObject(value)) throw invalidArgument("The request must be a JSON object.");
  const { model, previous_interaction_id: previousId, stream, store, background } = value;
  if (typeof model !== "string" || model === "")
    throw invalidArgument("Missing required parameter: 'model'.");
  const { system_instruction: system, tools } = value;
  const declarations = listOf(tools).filter(isJsonObject).flatMap(declaration);
  return {
    model: model.replace(/^models\//, ""),
    isStream: stream === true,
    isKept: store !== false,
    isBackground: background === true,
    ...(typeof previousId === "string" ? { previousId } : {}),
    request: {
      contents: turnsOf(value["input"]),
      ...(typeof system === "string" ? { systemInstruction: { parts: [{ text: system }] } } : {}),
      ...(declarations.length === 0 ? {} : { tools: [{ functionDeclarations: declarations }] }),
      generationConfig: configOf(value),
    },
  };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Other tools are accepted and never used. */
function declaration(tool: JsonObject): readonly FunctionDeclaration[] {
  const { type, name, description, parameters } = tool;
  if (type !== "function" || typeof name !== "string") return [];
  return [
    {
      name,
      ...(typeof description === "string" ? { description } : {}),
      ...(parameters === undefined ? {} : { parametersJsonSchema: parameters }),
    },
  ];
}

function configOf({ generation_config: config, response_format: format }: JsonObject) {
  const {
    max_output_tokens: maxOutputTokens,
    thinking_level: level,
    seed,
  } = isJsonObject(config) ? config : {};
  const { schema } = isJsonObject(format) ? format : {};
  return {
    ...(typeof maxOutputTokens === "number" ? { maxOutputTokens } : {}),
    ...(typeof seed === "number" ? { seed } : {}),
    ...(typeof level === "string" ? { thinkingConfig: { thinkingLevel: level.toUpperCase() } } : {}),
    ...(schema === undefined ? {} : { responseMimeType: "application/json", responseJsonSchema: schema }),
  };
}

/** A text, a piece of content, pieces of content, or steps: all are turns. */
function turnsOf(input: Json | undefined): readonly Content[] {
  if (typeof input === "string") return [{ role: "user", parts: [{ text: input }] }];
  const items = isJsonObject(input) ? [input] : listOf(input);
  if (items.length === 0) throw invalidArgument("Missing required parameter: 'input'.");
  const turns: { role: string; parts: Part[] }[] = [];
  for (const item of items) {
    const { role, parts } = turnOf(item);
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts: [...parts] });
  }
  return turns;
}

interface Turn {
  readonly role: "user" | "model";
  readonly parts: readonly Part[];
}

function turnOf(item: Json): Turn {
  if (!isJsonObject(item)) throw invalidArgument("Invalid value for 'input'.");
  const { type, content, id, call_id: callId, name, arguments: args, result } = item;
  switch (type) {
    case "user_input":
      return { role: "user", parts: listOf(content).map(partOf) };
    case "model_output":
      return { role: "model", parts: listOf(content).map(partOf) };
    case "thought":
      return { role: "model", parts: [] };
    case "function_call":
      if (typeof name !== "string") throw invalidArgument("Missing required parameter: 'name'.");
      return {
        role: "model",
        parts: [
          {
            functionCall: {
              name,
              ...(typeof id === "string" ? { id } : {}),
              ...(isJsonObject(args) ? { args } : {}),
            },
            // A step has no place for a signature: the API remembers it.
            thoughtSignature: dummySignature,
          },
        ],
      };
    case "function_result":
      if (typeof name !== "string") throw invalidArgument("Missing required parameter: 'name'.");
      return {
        role: "user",
        parts: [
          {
            functionResponse: {
              name,
              ...(typeof callId === "string" ? { id: callId } : {}),
              response: isJsonObject(result) ? result : { output: result ?? null },
            },
          },
        ],
      };
    default:
      return { role: "user", parts: [partOf(item)] };
  }
}

function partOf(content: Json): Part {
  const { type, text, data, mime_type: mimeType, uri } = isJsonObject(content) ? content : {};
  if (type === "text" && typeof text === "string") return { text };
  const mime = typeof mimeType === "string" ? mimeType : "";
  if (typeof data === "string") return { inlineData: { mimeType: mime, data } };
  if (typeof uri === "string") return { fileData: { mimeType: mime, fileUri: uri } };
  throw invalidArgument("Invalid value for 'input': a text, or content with data or a uri, is wanted.");
}
