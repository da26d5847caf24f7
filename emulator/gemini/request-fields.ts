import type { FieldType, MessageFields } from "./field-types.ts";
import {
  anyValue,
  bool,
  bytes,
  float,
  int32,
  int64,
  listOf,
  mapOf,
  message,
  oneOf,
  recursive,
  struct,
  text,
} from "./field-types.ts";

/**
 * Field tables of the API's request messages, from the discovery document's types as shipped in
 * @langchain/google 0.2.6 (api-types) and @google/genai 3.3.0, read 2026-11-25. Names are camelCase; JSON may use
 * snake_case as well.
 */
const schemaType = oneOf(
  "Type",
  "TYPE_UNSPECIFIED",
  "STRING",
  "NUMBER",
  "INTEGER",
  "BOOLEAN",
  "ARRAY",
  "OBJECT",
  "NULL",
);

const schema: FieldType = recursive(() => ({
  type: schemaType,
  format: text,
  title: text,
  description: text,
  nullable: bool,
  enum: listOf(text),
  items: schema,
  maxItems: int64,
  minItems: int64,
  properties: mapOf(schema),
  required: listOf(text),
  minProperties: int64,
  maxProperties: int64,
  minimum: float,
  maximum: float,
  minLength: int64,
  maxLength: int64,
  pattern: text,
  example: anyValue,
  anyOf: listOf(schema),
  propertyOrdering: listOf(text),
  default: anyValue,
}));

const blob = message({ mimeType: text, data: bytes, displayName: text });
const mediaResolution = oneOf(
  "MediaResolution",
  "MEDIA_RESOLUTION_UNSPECIFIED",
  "MEDIA_RESOLUTION_LOW",
  "MEDIA_RESOLUTION_MEDIUM",
  "MEDIA_RESOLUTION_HIGH",
  "MEDIA_RESOLUTION_ULTRA_HIGH",
);

const part = message({
  text,
  thought: bool,
  thoughtSignature: bytes,
  inlineData: blob,
  fileData: message({ mimeType: text, fileUri: text, displayName: text }),
  functionCall: message({ id: text, name: text, args: struct }),
  functionResponse: message({
    id: text,
    name: text,
    response: struct,
    parts: listOf(message({ inlineData: blob, fileData: message({ mimeType: text, fileUri: text }) })),
    willContinue: bool,
    scheduling: oneOf("Scheduling", "SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"),
  }),
  executableCode: message({
    id: text,
    language: oneOf("Language", "LANGUAGE_UNSPECIFIED", "PYTHON"),
    code: text,
  }),
  codeExecutionResult: message({
    id: text,
    outcome: oneOf(
      "Outcome",
      "OUTCOME_UNSPECIFIED",
      "OUTCOME_OK",
      "OUTCOME_FAILED",
      "OUTCOME_DEADLINE_EXCEEDED",
    ),
    output: text,
  }),
  toolCall: message({ id: text, toolType: text, args: struct }),
  toolResponse: message({ id: text, toolType: text, response: struct }),
  videoMetadata: message({ startOffset: text, endOffset: text, fps: float }),
  mediaResolution: message({ level: mediaResolution, numTokens: int32 }),
  partMetadata: struct,
  mediaProcessing: anyValue,
  speechMetadata: anyValue,
});

const content = message({ role: text, parts: listOf(part) });

const functionDeclaration = message({
  name: text,
  description: text,
  parameters: schema,
  parametersJsonSchema: anyValue,
  response: schema,
  responseJsonSchema: anyValue,
  behavior: oneOf("Behavior", "UNSPECIFIED", "BLOCKING", "NON_BLOCKING"),
});

const tool = message({
  functionDeclarations: listOf(functionDeclaration),
  googleSearch: message({
    searchTypes: struct,
    timeRangeFilter: message({ startTime: text, endTime: text }),
  }),
  googleSearchRetrieval: message({
    dynamicRetrievalConfig: message({ mode: text, dynamicThreshold: float }),
  }),
  urlContext: message({}),
  codeExecution: message({}),
  googleMaps: message({ enableWidget: bool }),
  fileSearch: message({ fileSearchStoreNames: listOf(text), metadataFilter: text, topK: int32 }),
  computerUse: message({ environment: text, excludedPredefinedFunctions: listOf(text) }),
  mcpServers: listOf(message({ name: text, streamableHttpTransport: struct })),
});

const toolConfig = message({
  functionCallingConfig: message({
    mode: oneOf("FunctionCallingConfig.Mode", "MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"),
    allowedFunctionNames: listOf(text),
  }),
  retrievalConfig: message({ languageCode: text, latLng: message({ latitude: float, longitude: float }) }),
  includeServerSideToolInvocations: bool,
});

const safetySetting = message({ category: text, threshold: text, method: text });

const generationConfig = message({
  temperature: float,
  topP: float,
  topK: float,
  candidateCount: int32,
  maxOutputTokens: int32,
  stopSequences: listOf(text),
  seed: int32,
  presencePenalty: float,
  frequencyPenalty: float,
  responseMimeType: text,
  responseSchema: schema,
  responseJsonSchema: anyValue,
  _responseJsonSchema: anyValue,
  responseModalities: listOf(oneOf("Modality", "MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO")),
  responseLogprobs: bool,
  logprobs: int32,
  enableEnhancedCivicAnswers: bool,
  mediaResolution,
  speechConfig: struct,
  audioTranscriptionConfig: struct,
  imageConfig: message({ aspectRatio: text, imageSize: text }),
  thinkingConfig: message({
    includeThoughts: bool,
    thinkingBudget: int32,
    thinkingLevel: oneOf(
      "ThinkingConfig.ThinkingLevel",
      "THINKING_LEVEL_UNSPECIFIED",
      "MINIMAL",
      "LOW",
      "MEDIUM",
      "HIGH",
      "XHIGH",
    ),
  }),
});

/** Fields of a generateContent and streamGenerateContent request. */
export const generateContentFields: MessageFields = {
  model: text,
  contents: listOf(content),
  systemInstruction: content,
  tools: listOf(tool),
  toolConfig,
  safetySettings: listOf(safetySetting),
  generationConfig,
  cachedContent: text,
  serviceTier: oneOf("ServiceTier", "unspecified", "standard", "flex", "priority"),
  store: bool,
  continuationToken: bytes,
  labels: mapOf(text),
};

/** Fields of a countTokens request. */
export const countTokensFields: MessageFields = {
  model: text,
  contents: listOf(content),
  generateContentRequest: message(generateContentFields),
};

/** Fields of an embedContent request. */
export const embedContentFields: MessageFields = {
  model: text,
  content,
  taskType: text,
  title: text,
  outputDimensionality: int32,
  autoTruncate: bool,
};

/** Fields of a batchEmbedContents request. */
export const batchEmbedContentsFields: MessageFields = {
  model: text,
  requests: listOf(message(embedContentFields)),
};

/** Fields of a cached content that a client may send. */
export const cachedContentFields: MessageFields = {
  name: text,
  model: text,
  displayName: text,
  contents: listOf(content),
  systemInstruction: content,
  tools: listOf(tool),
  toolConfig,
  ttl: text,
  expireTime: text,
};

/** Fields of a batchGenerateContent request. */
export const batchFields: MessageFields = {
  batch: message({
    model: text,
    displayName: text,
    priority: int64,
    inputConfig: message({
      fileName: text,
      requests: message({
        requests: listOf(message({ request: message(generateContentFields), metadata: struct })),
      }),
    }),
  }),
};
