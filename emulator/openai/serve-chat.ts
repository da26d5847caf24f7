import type { Delivery } from "../delivery/action.ts";
import { checkRules } from "../gemini/rules.ts";
import type { GenerateRequest } from "../gemini/request.ts";
import type { EmulatedModel } from "../models.ts";
import { servingModel } from "../models.ts";
import { digest } from "../random.ts";
import type { Draft } from "../service/draft.ts";
import type { AnswerDialect, Said } from "../service/generate.ts";
import { generate } from "../service/generate.ts";
import { promptTokens } from "../service/prompt-tokens.ts";
import type { World } from "../service/world.ts";
import { totalTokens } from "../tokens.ts";
import type { ChatRequest } from "./chat-request.ts";
import { asksToGoOn, generateRequestOfChat } from "./chat-request.ts";
import { chatCompletion, chatStreamEncoder } from "./chat-response.ts";
import type { Flavour } from "./errors.ts";
import { badOpenAiRequest } from "./errors.ts";

/** POST chat/completions. Google's face keeps the Gemini rules; a plain server only has a context window. */
export function serveChat(
  {
    chat,
    model,
    flavour,
  }: { readonly chat: ChatRequest; readonly model: EmulatedModel; readonly flavour: Flavour },
  world: World,
  draft: Draft,
): Delivery | undefined {
  const served = servingModel(model);
  const request = generateRequestOfChat(chat, served);
  if (flavour === "google") checkRules(request, served, world.signatures);
  else checkPlainRequest(request, served);
  return generate(
    {
      request,
      model,
      dialect: openAiDialect(request, flavour, chat.includeUsage),
      hasSignatures: flavour === "google" && served.generation >= 3,
      goesOn: flavour === "google" || asksToGoOn(chat),
    },
    world,
    draft,
  );
}

const choicesMax = 128; // https://platform.openai.com/docs/api-reference/chat/create, read 2026-11-24

function checkPlainRequest(request: GenerateRequest, model: EmulatedModel): void {
  const { candidateCount = 1, maxOutputTokens = 1 } = request.generationConfig ?? {};
  if (!Number.isInteger(candidateCount) || candidateCount < 1 || candidateCount > choicesMax) {
    throw badOpenAiRequest(`Invalid 'n': expected a whole number from 1 to ${choicesMax}.`, "n");
  }
  if (!Number.isInteger(maxOutputTokens) || maxOutputTokens < 1) {
    throw badOpenAiRequest("Invalid 'max_tokens': expected a whole number from 1 on.", "max_tokens");
  }
  checkPlainLogprobs(request);
  const tokens = totalTokens(promptTokens(request, model));
  if (tokens <= model.inputTokenLimit) return;
  throw badOpenAiRequest(
    `This model's maximum context length is ${model.inputTokenLimit} tokens. However, your messages resulted in ${tokens} tokens.`,
    "messages",
  );
}

const topLogprobsMax = 20; // same source, read 2026-11-26

function checkPlainLogprobs({ generationConfig }: GenerateRequest): void {
  const { responseLogprobs, logprobs } = generationConfig ?? {};
  if (logprobs === undefined) return;
  if (responseLogprobs !== true) {
    throw badOpenAiRequest("The 'logprobs' parameter must be true to use 'top_logprobs'.", "top_logprobs");
  }
  if (Number.isInteger(logprobs) && logprobs >= 0 && logprobs <= topLogprobsMax) return;
  throw badOpenAiRequest(
    `Invalid 'top_logprobs': expected a whole number from 0 to ${topLogprobsMax}.`,
    "top_logprobs",
  );
}

const framesByFlavour = { google: { tokensMin: 8, tokensMax: 28 }, plain: { tokensMin: 1, tokensMax: 2 } };

function openAiDialect(
  { generationConfig }: GenerateRequest,
  flavour: Flavour,
  includeUsage: boolean,
): AnswerDialect {
  const { responseLogprobs, logprobs = 0 } = generationConfig ?? {};
  const told = responseLogprobs === true ? { topLogprobs: logprobs } : {};
  const frameOf = (said: Said) => ({ ...said, ...told, flavour, includeUsage });
  return {
    framesTokens: framesByFlavour[flavour],
    streamType: "text/event-stream; charset=utf-8",
    idOf: (seedText) => {
      const id = Buffer.from(digest("response", seedText), "hex").toString("base64url");
      return flavour === "google" ? id.slice(0, 22) : `chatcmpl-${id.replaceAll(/[-_]/g, "x").slice(0, 29)}`;
    },
    whole: (said) => chatCompletion(said.answers, frameOf(said)),
    encoder: (said) => chatStreamEncoder(frameOf(said), Math.max(1, said.answers.length)),
  };
}
