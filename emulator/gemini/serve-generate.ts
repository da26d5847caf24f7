import type { Delivery } from "../delivery/action.ts";
import { digest } from "../random.ts";
import type { EmulatedModel } from "../models.ts";
import { servingModel } from "../models.ts";
import { withCachedContent } from "../kept/cached-contents.ts";
import type { Draft } from "../service/draft.ts";
import type { AnswerDialect, Said } from "../service/generate.ts";
import { generate } from "../service/generate.ts";
import type { World } from "../service/world.ts";
import { checkRules } from "./rules.ts";
import { readGenerateRequest } from "./read-request.ts";
import type { GenerateRequest } from "./request.ts";
import type { ResponseFrame } from "./response.ts";
import { generateContentResponse, geminiStreamEncoder } from "./response.ts";

const hopTokensMaxWhole = 32_768; // non-streaming direct HTTP; ai.google.dev Gemini 4 guide, read 2026-11-24
const hopTokensMaxStream = 65_536;

/** generateContent and streamGenerateContent. `framing` is how a stream is framed: events with alt=sse. */
export function serveGenerate(
  {
    model,
    body,
    framing,
  }: { readonly model: EmulatedModel; readonly body: string; readonly framing: "events" | "array" },
  world: World,
  draft: Draft,
): Delivery | undefined {
  const served = servingModel(model);
  const { request, cachedTokens } = withCachedContent(
    readGenerateRequest(body),
    served,
    world,
    draft.keyHash,
  );
  checkRules(request, served, world.signatures);
  const hopTokensMax = draft.isStream ? hopTokensMaxStream : hopTokensMaxWhole;
  return generate(
    {
      request,
      model,
      dialect: geminiDialect(request, served, framing),
      hasSignatures: served.generation >= 3,
      goesOn: true,
      ...(cachedTokens === undefined ? {} : { cachedTokens }),
      ...(served.generation >= 4 ? { hopTokensMax } : {}),
    },
    world,
    draft,
  );
}

function geminiDialect(
  { generationConfig }: GenerateRequest,
  model: EmulatedModel,
  framing: "events" | "array",
): AnswerDialect {
  const { responseLogprobs, logprobs = 0 } = generationConfig ?? {};
  const frameOf = (said: Said): ResponseFrame => ({
    ...said,
    hasCallIds: model.generation >= 3,
    ...(responseLogprobs === true ? { topLogprobs: logprobs } : {}),
  });
  return {
    framesTokens: { tokensMin: 8, tokensMax: 28 },
    streamType: framing === "events" ? "text/event-stream" : "application/json; charset=UTF-8",
    idOf: (seedText) => Buffer.from(digest("response", seedText), "hex").toString("base64url").slice(0, 22),
    whole: (said) => generateContentResponse(said.answers, frameOf(said)),
    encoder: (said) => geminiStreamEncoder(frameOf(said), framing),
  };
}
