import { z } from "zod";
import { answerSettings } from "./answer-settings.ts";
import { described } from "./described.ts";

const anyObject = z.record(z.string(), z.unknown());

const part = z
  .looseObject({
    text: described(z.string().optional(), "Text.", "Say hello in five words."),
    thought: described(z.boolean().optional(), "Whether the text is a thought, not the answer.", false),
    thoughtSignature: described(
      z.string().optional(),
      "Sent back unchanged with the part in the next turn, base64.",
      "c2ln",
    ),
    inlineData: described(
      z
        .looseObject({
          mimeType: described(z.string(), "Media type.", "image/png"),
          data: described(z.string(), "The bytes, base64.", "iVBORw0KGgo="),
        })
        .optional(),
      "Media inside the request.",
    ),
    fileData: described(
      z
        .looseObject({
          mimeType: described(z.string().optional(), "Media type.", "image/png"),
          fileUri: described(z.string(), "Where it is.", "https://example.com/cat.png"),
        })
        .optional(),
      "Media by its address.",
    ),
    functionCall: described(
      z
        .looseObject({
          id: described(z.string().optional(), "Id of the call.", "call_1"),
          name: described(z.string(), "Name of the function.", "weather"),
          args: described(anyObject.optional(), "Its arguments.", { city: "Oslo" }),
        })
        .optional(),
      "A call the model asks for.",
    ),
    functionResponse: described(
      z
        .looseObject({
          id: described(z.string().optional(), "Which call it answers.", "call_1"),
          name: described(z.string(), "Name of the function.", "weather"),
          response: described(anyObject, "What the function answered.", { celsius: 4 }),
        })
        .optional(),
      "The result of a call.",
    ),
  })
  .meta({ id: "GeminiPart", description: "One part of a turn; it has one kind of content." });

const content = z
  .looseObject({
    role: described(z.enum(["user", "model"]).optional(), "Who speaks.", "user"),
    parts: described(z.array(part), "What is said.", [{ text: "Say hello in five words." }]),
  })
  .meta({ id: "GeminiContent", description: "One turn." });

/** Content with an example that embeds and counts alike. */
export const geminiContent = content;

const generationConfig = z
  .looseObject({
    temperature: answerSettings.temperature,
    topP: answerSettings.topP,
    topK: answerSettings.topK,
    maxOutputTokens: answerSettings.outputTokensMax,
    stopSequences: described(
      z.array(z.string()).optional(),
      "Text at which generation ends; up to 5 of them.",
      ["END"],
    ),
    candidateCount: answerSettings.candidateCount,
    responseLogprobs: described(
      z.boolean().optional(),
      "Whether to tell the log probabilities of tokens, where the model can.",
      false,
    ),
    logprobs: described(z.int().min(0).max(20).optional(), "How many alternatives to tell at each token.", 2),
    seed: answerSettings.seed,
    presencePenalty: answerSettings.presencePenalty,
    frequencyPenalty: answerSettings.frequencyPenalty,
    responseMimeType: described(
      z.string().optional(),
      "`text/plain`, or `application/json` for JSON.",
      "application/json",
    ),
    responseSchema: described(
      anyObject.optional(),
      "What JSON must look like, in Gemini's subset of OpenAPI.",
      {
        type: "OBJECT",
        properties: { name: { type: "STRING" } },
      },
    ),
    responseJsonSchema: described(anyObject.optional(), "What JSON must look like, in JSON Schema.", {
      type: "object",
      properties: { name: { type: "string" } },
    }),
    thinkingConfig: described(
      z
        .looseObject({
          thinkingLevel: described(
            z.enum(["MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH"]).optional(),
            "How hard the model thinks first (Gemini 3 and later).",
            "LOW",
          ),
          thinkingBudget: described(
            z.int().optional(),
            "Tokens it may think (Gemini 2.5): 0 none, -1 as it likes.",
            512,
          ),
          includeThoughts: described(
            z.boolean().optional(),
            "Whether thoughts are part of the answer.",
            false,
          ),
        })
        .optional(),
      "How it thinks.",
    ),
  })
  .meta({ id: "GeminiGenerationConfig", description: "How the answer is generated." });

/** The body of `generateContent` and `streamGenerateContent`. */
export const generateContentRequest = z
  .looseObject({
    contents: described(z.array(content).min(1), "The conversation, oldest turn first.", [
      { role: "user", parts: [{ text: "Say hello in five words." }] },
    ]),
    systemInstruction: described(content.optional(), "What the model is told beforehand.", {
      parts: [{ text: "You are kind." }],
    }),
    tools: described(
      z
        .array(
          z.looseObject({
            functionDeclarations: described(
              z
                .array(
                  z.looseObject({
                    name: described(z.string(), "Name of the function.", "weather"),
                    description: described(
                      z.string().optional(),
                      "When and how to use it.",
                      "Current weather of a city",
                    ),
                    parameters: described(
                      anyObject.optional(),
                      "Its arguments, in Gemini's subset of OpenAPI.",
                      {
                        type: "OBJECT",
                      },
                    ),
                    parametersJsonSchema: described(anyObject.optional(), "Its arguments, in JSON Schema.", {
                      type: "object",
                    }),
                  }),
                )
                .optional(),
              "Functions of yours.",
            ),
          }),
        )
        .optional(),
      "What the model may call.",
    ),
    toolConfig: described(
      z
        .looseObject({
          functionCallingConfig: described(
            z
              .looseObject({
                mode: described(
                  z.enum(["AUTO", "ANY", "NONE", "VALIDATED"]).optional(),
                  "Whether it must call.",
                  "AUTO",
                ),
                allowedFunctionNames: described(z.array(z.string()).optional(), "Which ones it may call.", [
                  "weather",
                ]),
              })
              .optional(),
            "Rules for calls.",
          ),
        })
        .optional(),
      "Whether and what it must call.",
    ),
    safetySettings: described(
      z
        .array(
          z.looseObject({
            category: described(z.string(), "What is looked for.", "HARM_CATEGORY_HARASSMENT"),
            threshold: described(z.string(), "From where on it is blocked.", "BLOCK_ONLY_HIGH"),
          }),
        )
        .optional(),
      "Safety thresholds.",
    ),
    generationConfig: described(generationConfig.optional(), "How the answer is generated.", {
      maxOutputTokens: 256,
    }),
    promptVariables: described(
      anyObject.optional(),
      "Values for the prompt of the variant that serves the request. Missing ones, and those that no variant of the route uses, are refused.",
      { product: "Halma" },
    ),
    cachedContent: described(
      z.string().optional(),
      "Name of a prefix cached at the provider.",
      "cachedContents/abc",
    ),
  })
  .meta({ id: "GenerateContentRequest", description: "A chat request of the Gemini dialect." });

const usageMetadata = z
  .looseObject({
    promptTokenCount: described(z.int(), "Tokens read, cached ones included.", 12),
    candidatesTokenCount: described(z.int().optional(), "Tokens answered, without thinking.", 22),
    thoughtsTokenCount: described(z.int().optional(), "Tokens thought.", 8),
    cachedContentTokenCount: described(z.int().optional(), "Tokens read from the provider's cache.", 0),
    toolUsePromptTokenCount: described(z.int().optional(), "Tokens that came from the provider's tools.", 0),
    totalTokenCount: described(z.int(), "All tokens.", 42),
  })
  .meta({ id: "GeminiUsage", description: "Tokens of the call; in a stream the sum so far." });

/** The answer, and each event of a stream. */
export const generateContentResponse = z
  .looseObject({
    candidates: described(
      z
        .array(
          z.looseObject({
            index: described(z.int().optional(), "Which alternative, from 0.", 0),
            content: described(content.optional(), "The answer; in a stream what is new of it.", {
              role: "model",
              parts: [{ text: "Hello to you, dear reader!" }],
            }),
            logprobsResult: described(
              z.looseObject({}).optional(),
              "Log probabilities of its tokens, where they were asked for.",
            ),
            finishReason: described(
              z.string().optional(),
              "Why it ended; in a stream on the last event.",
              "STOP",
            ),
          }),
        )
        .optional(),
      "The alternatives.",
    ),
    promptFeedback: described(
      z.looseObject({ blockReason: described(z.string().optional(), "Why.", "SAFETY") }).optional(),
      "Says that the prompt was blocked.",
    ),
    usageMetadata: described(usageMetadata.optional(), "Tokens of the call."),
    modelVersion: described(z.string().optional(), "The model that answered.", "gemini-3.8-flash"),
    responseId: described(z.string().optional(), "Id of the answer.", "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"),
  })
  .meta({
    id: "GenerateContentResponse",
    description: "A chat answer of the Gemini dialect, or one event of its stream.",
  });

/** An error of the Gemini dialect. */
export const geminiError = z
  .looseObject({
    error: described(
      z.looseObject({
        code: described(z.int(), "The HTTP status, again.", 404),
        message: described(z.string(), "What was wanted and what came.", 'Cannot find model "gemini-9"'),
        status: described(z.string(), "The error as a word for programs.", "NOT_FOUND"),
        details: described(
          z.array(z.looseObject({})).optional(),
          "Google's typed details, such as RetryInfo.",
        ),
      }),
      "The error.",
    ),
  })
  .meta({ id: "GeminiError", description: "An error of the Gemini dialect." });

const values = described(z.array(z.number()), "The vector.", [0.01, -0.02]);

/** A vector. */
export const geminiEmbedding = z
  .looseObject({ values })
  .meta({ id: "GeminiEmbedding", description: "A vector." });

/** The body of `embedContent`. */
export const embedContentRequest = z
  .looseObject({
    content: described(content, "What to embed.", { parts: [{ text: "The quick brown fox" }] }),
    taskType: described(z.string().optional(), "What the vector is for.", "RETRIEVAL_DOCUMENT"),
    title: described(z.string().optional(), "Title of the document, for RETRIEVAL_DOCUMENT.", "Foxes"),
    outputDimensionality: described(
      z.int().min(1).optional(),
      "Length of the vector, where the model can shorten it.",
      768,
    ),
  })
  .meta({ id: "EmbedContentRequest", description: "A text to embed." });
