import { answerSteps } from "../answers/answer-steps.ts";
import type { Answer, BlockReason } from "../answers/answer.ts";
import { answerTokens } from "../answers/answer.ts";
import type { Directives } from "../answers/directives.ts";
import { directivesOf } from "../answers/directives.ts";
import { planAnswers } from "../answers/plan-answers.ts";
import { prefilled, type Prefilled } from "../answers/prefill.ts";
import { sentinelText } from "../answers/prompt-view.ts";
import { invalidArgument } from "../api-failure.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Delivery } from "../delivery/action.ts";
import type { DeliveryFaults } from "../delivery/delivery-faults.ts";
import { strikePoints } from "../delivery/delivery-faults.ts";
import type { Pace } from "../delivery/pace.ts";
import { tokensMs } from "../delivery/pace.ts";
import { streamActions } from "../delivery/stream-actions.ts";
import type { StreamEncoder } from "../delivery/stream-encoder.ts";
import { wholeActions } from "../delivery/whole-actions.ts";
import type { AnswerFault } from "../faults/catalog.ts";
import type { GenerateRequest } from "../gemini/request.ts";
import type { PromptUsage } from "../gemini/usage.ts";
import type { JsonObject } from "../json.ts";
import type { EmulatedModel } from "../models.ts";
import { servingModel } from "../models.ts";
import { digest, randomFrom } from "../random.ts";
import { totalTokens } from "../tokens.ts";
import type { Draft } from "./draft.ts";
import { playFaults } from "./play-faults.ts";
import { promptText, promptTokens } from "./prompt-tokens.ts";
import type { World } from "./world.ts";

/** A request for generation, from either dialect. */
export interface GenerateAsk {
  readonly request: GenerateRequest;
  /** The model as asked for; a routed one is served by its successor. */
  readonly model: EmulatedModel;
  readonly dialect: AnswerDialect;
  /** Whether the answer carries thought signatures (Gemini 3 and later). */
  readonly hasSignatures: boolean;
  /** Whether a last turn of the model's own is the beginning of the answer. */
  readonly goesOn: boolean;
  /** Output tokens after which one request ends in CONTINUATION; absent where there is none. */
  readonly hopTokensMax?: number;
  /** Tokens of the prompt that a cache named by the request holds; absent where it names none. */
  readonly cachedTokens?: number;
}

/** How a dialect words an answer. */
export interface AnswerDialect {
  readonly framesTokens: { readonly tokensMin: number; readonly tokensMax: number };
  /** Content type of a stream. */
  readonly streamType: string;
  idOf(seedText: string): string;
  whole(said: Said): JsonObject;
  encoder(said: Said): StreamEncoder;
}

/** What was said to a request, ready to be worded. */
export interface Said {
  readonly answers: readonly Answer[];
  readonly prompt: PromptUsage;
  readonly thoughtTokens: number;
  readonly responseId: string;
  readonly modelVersion: string;
  readonly createdMs: number;
  /** Why the prompt was blocked; then there are no answers. */
  readonly blockReason?: BlockReason;
  readonly continuationToken: (continuesAt: number) => string;
}

const jsonType = "application/json; charset=UTF-8";

/** Generates and words an answer. Throws ApiFailure for refusals; undefined means: reset the connection. */
export function generate(ask: GenerateAsk, world: World, draft: Draft): Delivery | undefined {
  const model = servingModel(ask.model);
  const { request, prefill } = ask.goesOn ? prefilled(ask.request) : { request: ask.request, prefill: "" };
  const { continuationToken, ...lasting } = request;
  const requestDigest = digest(world.seed, model.id, canonicalJson(lasting));
  const byModality = promptTokens(ask.request, model);
  const promptTokensGiven = totalTokens(byModality);
  draft.promptTokens = promptTokensGiven;
  const directives = directivesOf(sentinelText(request));
  const played = playFaults({ model: ask.model.id, requestDigest, asked: directives.faults }, world, draft);
  if (played.kind !== "answer") return played.delivery;
  takeQuota(ask.model, world, draft);

  const seedText = digest(requestDigest, String(world.occurrence(requestDigest)));
  const cachedTokens = cachedPrefix(ask, model, world, draft);
  const resumeAt =
    continuationToken === undefined ? 0 : world.continuations.read(requestDigest, continuationToken);
  const prompt = { byModality: withResumed(byModality, resumeAt), cachedTokens };
  draft.promptTokens = totalTokens(prompt.byModality);
  const answers = saidAnswers(
    {
      ask,
      request,
      prefill,
      model,
      directives,
      requestDigest,
      resumeAt,
      world,
      promptTokens: promptTokensGiven,
    },
    played.answer,
  );
  const said: Said = {
    answers,
    prompt,
    thoughtTokens: answers.reduce((sum, answer) => sum + answer.thoughtTokens, 0),
    responseId: ask.dialect.idOf(seedText),
    modelVersion: world.versions.of(model.id),
    createdMs: world.now(),
    continuationToken: (at) => world.continuations.issue(requestDigest, at),
    ...(directives.block === undefined ? {} : { blockReason: directives.block }),
  };
  const pace = world.paceFor(model, seedText);
  fillDraft(draft, said, pace);
  return deliver({ ask, said, pace, directives, seedText, faults: played.delivery }, draft.isStream);
}

/** On a resumed request the part of the answer that exists already is prompt as well. */
function withResumed(byModality: PromptUsage["byModality"], resumeAt: number): PromptUsage["byModality"] {
  if (resumeAt === 0) return byModality;
  return new Map([...byModality, ["TEXT", (byModality.get("TEXT") ?? 0) + Math.ceil(resumeAt / 4)]]);
}

/** Takes quota for a request. Throws the 429 when there is none left. */
export function takeQuota(model: EmulatedModel, world: World, draft: Draft): void {
  const { keyHash, promptTokens } = draft;
  const refusal = world.quota?.admit({ keyHash, model, promptTokens, nowMs: world.now() });
  if (refusal !== undefined) throw refusal;
}

function cachedPrefix(
  { request, cachedTokens }: GenerateAsk,
  model: EmulatedModel,
  world: World,
  draft: Draft,
): number {
  const seen = world.prefixes.cachedTokens(`${draft.keyHash}/${model.id}`, promptText(request));
  const cached = Math.min(seen, draft.promptTokens);
  draft.cachedTokens = Math.max(cachedTokens ?? 0, cached >= model.cachedPrefixTokensMin ? cached : 0);
  return draft.cachedTokens;
}

interface Planning extends Prefilled {
  readonly ask: GenerateAsk;
  readonly model: EmulatedModel;
  readonly directives: Directives;
  readonly requestDigest: string;
  readonly resumeAt: number;
  readonly promptTokens: number;
  readonly world: World;
}

function saidAnswers(planning: Planning, fault: AnswerFault | undefined): readonly Answer[] {
  const { ask, request, prefill, model, directives, requestDigest, resumeAt, world } = planning;
  if (directives.block !== undefined || fault === "no-candidates") return [];
  const hopTokensMax =
    ask.hopTokensMax === undefined ? undefined : (directives.continueAt ?? ask.hopTokensMax);
  if (hopTokensMax === 0) throw invalidArgument("The sentinel continue-at must be at least 1.");
  const answers = planAnswers({
    request,
    model,
    directives,
    ...(world.knowledge && { knowledge: world.knowledge }),
    seedText: requestDigest,
    promptTokens: planning.promptTokens,
    resumeAt,
    prefill,
    ...(hopTokensMax === undefined ? {} : { hopTokensMax }),
    ...(ask.hasSignatures
      ? { sign: (nonce: string) => world.signatures.issue(`${requestDigest}/${nonce}`) }
      : {}),
  });
  if (fault === "no-content") return answers.map((answer) => ({ ...answer, items: [] }));
  return fault === "no-finish-reason" ? answers.map(({ finishReason: _left, ...answer }) => answer) : answers;
}

function fillDraft(draft: Draft, said: Said, pace: Pace): void {
  const total = outputTokensOf(said.answers);
  const thinkingMs = tokensMs(said.thoughtTokens, pace);
  draft.responseId = said.responseId;
  draft.thoughtTokens = said.thoughtTokens;
  draft.finishReason = said.answers[0]?.finishReason ?? "";
  draft.outputTokensAt = (elapsedMs) => {
    const spokenMs = elapsedMs - pace.firstTokenMs - thinkingMs;
    if (spokenMs < 0) return 0;
    return pace.tokensPerSecond === Infinity
      ? total
      : Math.min(total, Math.floor((spokenMs * pace.tokensPerSecond) / 1000));
  };
}

function outputTokensOf(answers: readonly Answer[]): number {
  return answers.reduce((sum, answer) => sum + answerTokens(answer), 0);
}

interface Telling {
  readonly ask: GenerateAsk;
  readonly said: Said;
  readonly pace: Pace;
  readonly directives: Directives;
  readonly seedText: string;
  readonly faults: DeliveryFaults;
}

function deliver({ ask, said, pace, directives, seedText, faults }: Telling, isStream: boolean): Delivery {
  const headers = {
    "x-gemini-service-tier": ask.request.serviceTier ?? "standard",
    "cache-control": "private",
  };
  if (!isStream) {
    const outputTokens = outputTokensOf(said.answers);
    const totalMs = pace.firstTokenMs + tokensMs(said.thoughtTokens + outputTokens, pace);
    const actions = wholeActions({ body: ask.dialect.whole(said), outputTokens, totalMs, faults });
    return { status: 200, headers: { ...headers, "content-type": jsonType }, actions };
  }
  const { frameTokens } = directives;
  const size =
    frameTokens === undefined
      ? ask.dialect.framesTokens
      : { tokensMin: Math.max(1, frameTokens), tokensMax: Math.max(1, frameTokens) };
  const steps = answerSteps(
    said.answers,
    { ...size, breaks: strikePoints(faults) },
    randomFrom(`${seedText}/frames`),
  );
  const isUnfinished = said.answers.some((answer) => answer.finishReason === undefined);
  const script = {
    encoder: ask.dialect.encoder(said),
    steps,
    thoughtTokens: said.thoughtTokens,
    pace,
    faults: isUnfinished ? { ...faults, unfinishedAfterTokens: Number.POSITIVE_INFINITY } : faults,
  };
  return {
    status: 200,
    headers: { ...headers, "content-type": ask.dialect.streamType },
    actions: streamActions(script),
  };
}
