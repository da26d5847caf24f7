import type { Json, JsonObject } from "../json.ts";

/**
 * A generateContent request after its field names were checked and brought to camelCase (request-fields.ts).
 * Only what the emulator reads is typed; everything else was validated and may be ignored.
 */
export interface GenerateRequest {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly Tool[];
  readonly toolConfig?: ToolConfig;
  readonly generationConfig?: GenerationConfig;
  readonly safetySettings?: readonly JsonObject[];
  readonly cachedContent?: string;
  readonly serviceTier?: string;
  readonly continuationToken?: string;
}

/** One turn. */
export interface Content {
  readonly role?: string;
  readonly parts: readonly Part[];
}

/** One part of a turn; exactly one payload field is set. */
export interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly inlineData?: { readonly mimeType: string; readonly data: string };
  readonly fileData?: { readonly mimeType?: string; readonly fileUri: string };
  readonly functionCall?: FunctionCall;
  readonly functionResponse?: FunctionResponse;
  readonly executableCode?: JsonObject;
  readonly codeExecutionResult?: JsonObject;
  readonly toolCall?: JsonObject;
  readonly toolResponse?: JsonObject;
}

/** A call of a function by the model. */
interface FunctionCall {
  readonly id?: string;
  readonly name: string;
  readonly args?: JsonObject;
}

/** The result of a function call. */
export interface FunctionResponse {
  readonly id?: string;
  readonly name: string;
  readonly response?: JsonObject;
}

/** A tool: functions of the caller, or one of the API's own (named by its key). */
export interface Tool {
  readonly functionDeclarations?: readonly FunctionDeclaration[];
  readonly [builtIn: string]: unknown;
}

/** A function the model may call. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly description?: string;
  /** OpenAPI-like Schema. */
  readonly parameters?: JsonObject;
  /** JSON Schema. */
  readonly parametersJsonSchema?: Json;
}

/** How tools may be used. */
export interface ToolConfig {
  readonly functionCallingConfig?: {
    readonly mode?: string;
    readonly allowedFunctionNames?: readonly string[];
  };
  readonly includeServerSideToolInvocations?: boolean;
}

/** Sampling and output settings. */
export interface GenerationConfig {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly candidateCount?: number;
  readonly maxOutputTokens?: number;
  readonly stopSequences?: readonly string[];
  readonly seed?: number;
  readonly responseMimeType?: string;
  readonly responseSchema?: JsonObject;
  readonly responseJsonSchema?: Json;
  readonly responseModalities?: readonly string[];
  readonly responseLogprobs?: boolean;
  readonly logprobs?: number;
  readonly thinkingConfig?: ThinkingConfig;
}

/** How much to think, and whether to show it. */
export interface ThinkingConfig {
  readonly includeThoughts?: boolean;
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: string;
}
