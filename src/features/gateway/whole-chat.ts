import {
  replaceTopLevelString,
  replaceTopLevelStringInBytes,
} from "#core/dialects/splice/replace-top-level-string.ts";
import { failed, ok } from "#core/kernel/result.ts";
import { joinedResponse, joinedUsage } from "#core/llm/joined-response.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { answerWarnings, incompleteness, trackResponse } from "#features/gateway/answer-tracker.ts";
import type { ChatAsked, ChatOperationInput } from "#features/gateway/chat-asked.ts";
import { continuationToken, continuedCall, type AnswerSoFar } from "#features/gateway/continuation.ts";
import type { AnswerRest, PreparedAttempt } from "#features/gateway/operation.ts";
import type { WholeBody } from "#features/gateway/whole-answer.ts";
import { wholeAttempt } from "#features/gateway/whole-attempt.ts";

/** A whole answer of which pieces are there, put together. */
interface WholeSoFar extends AnswerSoFar {
  readonly response: ChatResponse;
}

/** What an attempt has found. */
interface Found {
  /** With the pieces before it. */
  readonly response: ChatResponse;
  /** What is there when the rest is to be asked for; absent where there is none. */
  readonly soFar?: WholeSoFar;
}

/** An attempt for an answer in one piece. */
export function wholeChat(input: ChatOperationInput, asked: ChatAsked, before?: WholeSoFar): PreparedAttempt {
  const { client, dialect, nowMs, request } = input;
  const { rung, number } = asked;
  let found: Found | undefined;
  const attempt = wholeAttempt({
    dialect: rung.dialect.client,
    client,
    deadlines: input.deadlines,
    nowMs,
    headers: (contentType) => input.headers(rung, contentType, number, asked.degraded),
    translate(whole) {
      const decoded = rung.dialect.client.decodeResponse(whole.json);
      if (!decoded.ok) return failed({ failure: decoded.error });
      const answer = trackResponse(decoded.value);
      const failure = incompleteness(answer);
      if (failure) return failed({ failure, answer });
      const response = before ? joinedResponse(before.response, decoded.value) : decoded.value;
      const token = continuationToken(answer, { request, asked, before, costCap: input.costCap });
      if (token !== undefined) {
        const continuations = (before?.continuations ?? 0) + 1;
        const usage = joinedUsage(before?.usage, answer.usage);
        found = { response, soFar: { response, token, continuations, usage } };
        // Nobody gets this: it is written when all of it is there.
        return ok({ answer, body: "" });
      }
      found = { response };
      const passes = asked.passes && !before;
      const { idField } = rung.dialect.passing;
      return ok({
        answer,
        body: passes ? withOurId(idField, input.context, whole) : encoded(input, response),
      });
    },
    errorBody: (error) => JSON.stringify(dialect.server.encodeError(error)),
  });
  return {
    ...attempt,
    call: continuedCall(asked.call, rung, before?.token),
    warnings: () => [
      ...asked.warnings,
      ...answerWarnings(before && found ? trackResponse(found.response) : attempt.answer(), dialect),
    ],
    content: () =>
      input.collectLengthMax === undefined || !found
        ? undefined
        : { response: found.response, truncated: false },
    rest: ({ outcome }) =>
      outcome === "completed" && found?.soFar ? restOf(input, asked, found.soFar) : undefined,
  };
}

function restOf(input: ChatOperationInput, asked: ChatAsked, soFar: WholeSoFar): AnswerRest {
  return { prepare: (rung, number) => ok(wholeChat(input, { ...asked, rung, number }, soFar)) };
}

function encoded({ dialect, context }: ChatOperationInput, response: ChatResponse): string {
  return JSON.stringify(dialect.server.encodeResponse(response, context));
}

/** The provider's bytes, but for the answer's id. */
function withOurId(
  field: string,
  { responseId }: ChatOperationInput["context"],
  whole: WholeBody,
): Buffer | string {
  const { bytes, json, asciiText } = whole;
  if (asciiText !== undefined) return replaceTopLevelString({ text: asciiText, json }, field, responseId);
  return replaceTopLevelStringInBytes({ bytes, json }, field, responseId) ?? bytes;
}
