import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Candidate, ChatResponse } from "#core/llm/response.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { answerMessageFields, decodeAnswerMessage } from "./decode-answer-message.ts";
import { errorObject, failureOfError } from "./decode-error.ts";
import type { KnownFields } from "#core/dialects/unknown-fields.ts";
import { unknownExtra } from "./extra-fields.ts";
import { isList } from "#core/kernel/json.ts";
import { kindOf } from "#core/dialects/kind-of.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeLogprobs } from "./logprobs.ts";
import { malformedAnswer } from "./malformed-answer.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { decodeUsage } from "./usage.ts";

/** Reads a `chat.completion`. An error object behind a good status, as some servers send it, is a failure. */
export function decodeResponse(body: Json): Result<ChatResponse, UpstreamFailure> {
  if (nestsTooDeep(body)) return failed(malformedAnswer("less nesting", "too many levels"));
  const error = errorObject(body);
  if (error) return failed(failureOfError(error));
  if (!isJsonObject(body)) return failed(malformedAnswer("an object", kindOf(body)));
  const choices = body["choices"];
  if (!isList(choices)) return failed(malformedAnswer("an array in choices", kindOf(choices)));
  const candidates: Candidate[] = [];
  for (let index = 0; index < choices.length; index++) {
    const choice = choices[index];
    const candidate = isJsonObject(choice) ? decodeChoice(choice, index) : undefined;
    if (!candidate) return failed(malformedAnswer(`a message in choices[${index}]`, "none"));
    candidates.push(candidate);
  }
  const answer: Filled<ChatResponse> = { ...answerFacts(body), candidates };
  const usage = decodeUsage(body);
  if (usage) answer.usage = usage;
  const extra = unknownExtra(body, answerFields);
  if (extra) answer.extra = extra;
  return ok(answer);
}

/** What every answer and every chunk says of itself. */
export function answerFacts(body: JsonObject): AnswerFacts {
  const { id, model, created } = body;
  const facts: Filled<AnswerFacts> = {};
  if (typeof id === "string" && id !== "") facts.id = id;
  if (typeof model === "string" && model !== "") facts.model = model;
  if (typeof created === "number" && created > 0) facts.createdSeconds = created;
  return facts;
}

type AnswerFacts = Pick<ChatResponse, "id" | "model" | "createdSeconds">;

/**
 * What is read of every answer and every chunk, or says nothing (`obfuscation` is padding against eavesdroppers). Other
 * fields are kept.
 */
export const answerFields: KnownFields = {
  id: true,
  object: true,
  created: true,
  model: true,
  choices: true,
  usage: true,
  obfuscation: true,
};

const choiceFields = {
  message: knownOfChoice("message"),
  delta: knownOfChoice("delta"),
} as const;

/** The same of a choice whose log probabilities were read. */
const toldChoiceFields = {
  message: { ...choiceFields.message, logprobs: { content: true } },
  delta: { ...choiceFields.delta, logprobs: { content: true } },
} as const satisfies Record<string, KnownFields>;

function knownOfChoice(held: "message" | "delta"): KnownFields {
  return { index: true, finish_reason: true, native_finish_reason: true, [held]: answerMessageFields };
}

function decodeChoice(choice: JsonObject, position: number): Candidate | undefined {
  const message = choice["message"];
  if (!isJsonObject(message)) return undefined;
  const { index, finish_reason: raw, native_finish_reason: native } = choice;
  const candidate: Filled<Candidate> = {
    index: typeof index === "number" && Number.isSafeInteger(index) && index >= 0 ? index : position,
    parts: decodeAnswerMessage(message),
  };
  if (typeof raw === "string") {
    candidate.finish = decodeFinish(raw, typeof native === "string" ? native : undefined);
  }
  const logprobs = decodeLogprobs(choice["logprobs"]);
  if (logprobs) candidate.logprobs = logprobs;
  const extra = choiceExtra(choice, "message", logprobs !== undefined);
  if (extra) candidate.extra = extra;
  return candidate;
}

/**
 * Fields of a choice that are not read here. `null` says nothing.
 * @param told whether its log probabilities were read
 */
export function choiceExtra(choice: JsonObject, held: "message" | "delta", told: boolean): Extra | undefined {
  // Of the choice and of the message in it.
  return unknownExtra(choice, (told ? toldChoiceFields : choiceFields)[held], 2);
}
