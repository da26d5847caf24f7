import { ok } from "#core/kernel/result.ts";
import { BegunText } from "#core/llm/begun-text.ts";
import { joinedUsage } from "#core/llm/joined-response.ts";
import { ResponseCollector } from "#core/llm/response-collector.ts";
import { generatedTokens, type Usage } from "#core/llm/usage.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import { announcedTrailers, costHeader, resumedTrailers } from "#features/gateway/answer-headers.ts";
import { AnswerStream } from "#features/gateway/answer-stream.ts";
import { answerWarnings, seenUsage, type Answer } from "#features/gateway/answer-tracker.ts";
import { askForRest } from "#features/gateway/ask-chat.ts";
import type { ChatAsked, ChatOperationInput } from "#features/gateway/chat-asked.ts";
import { continuationToken, continuedCall, type AnswerSoFar } from "#features/gateway/continuation.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import { passingWriter, translatingWriter } from "#features/gateway/frame-writer.ts";
import type { AnswerRest, PreparedAttempt } from "#features/gateway/operation.ts";
import { goesOnWith, isResumable } from "#features/gateway/resumption.ts";
import { StreamRelay, type StreamSoFar } from "#features/gateway/stream-relay.ts";

/** What all attempts at one streamed answer share. */
interface StreamedChat {
  readonly input: ChatOperationInput;
  readonly stream: AnswerStream;
  readonly collector: ResponseCollector | undefined;
  /** The words so far; undefined where a broken stream is not gone on with. */
  readonly begun: BegunText | undefined;
}

/** What an attempt that continues a stream begins with. */
interface Continued {
  readonly soFar: AnswerSoFar & StreamSoFar;
  /** What it is an attempt at: to be asked for once more, should it bring nothing; absent where it is asked for no more. */
  readonly again?: AnswerRest;
  /** The deployment that went on with a broken stream; undefined where none had to. */
  readonly resumedAt: string | undefined;
}

/** What an attempt at a stream has come to. */
interface Ended {
  readonly relay: StreamRelay;
  readonly end: ExchangeEnd;
  readonly billed: Usage | undefined;
  readonly continued: Continued | undefined;
  readonly tokenOf: (answer: Answer) => string | undefined;
}

/** An attempt for a stream. */
export function streamedChat(input: ChatOperationInput, asked: ChatAsked): PreparedAttempt {
  const { client, framing, dialect, context, collectLengthMax, request } = input;
  const collector = collectLengthMax === undefined ? undefined : new ResponseCollector(collectLengthMax);
  const begun = input.resumes && isResumable(request) ? new BegunText() : undefined;
  const writer = asked.passes
    ? passingWriter(asked.rung.dialect, context)
    : translatingWriter(dialect.server, context);
  const stream = new AnswerStream({ writer, framing, client, collector, begun });
  return relayed({ input, stream, collector, begun }, asked, undefined);
}

function relayed(chat: StreamedChat, asked: ChatAsked, continued: Continued | undefined): PreparedAttempt {
  const { input, stream, collector, begun } = chat;
  const { client, framing, dialect, request } = input;
  const { rung, number } = asked;
  const before = continued?.soFar;
  const question = { request, asked, before, costCap: input.costCap };
  let asksFor: { readonly token: string | undefined } | undefined;
  // Asked once, when the piece's end is there: what comes behind it must not change what the client was shown of it.
  const tokenOf = (answer: Answer): string | undefined =>
    (asksFor ??= { token: continuationToken(answer, question) }).token;
  const trailer = announcedTrailers({ resumed: begun !== undefined, cost: input.tellsCost });
  const relay = new StreamRelay({
    dialect: rung.dialect.client,
    stream,
    nowMs: input.nowMs,
    holdsBlocked: input.holdsBlocked,
    before,
    isContinued: (answer) => tokenOf(answer) !== undefined,
    start: () =>
      client.start(200, {
        ...input.headers(rung, framing.contentType, number, asked.degraded),
        "cache-control": "no-cache",
        ...(trailer !== undefined && { trailer }),
      }),
  });
  return {
    call: continuedCall(asked.call, rung, before?.token),
    warnings: () => [...asked.warnings, ...answerWarnings(relay.answer, dialect)],
    deadlines: input.deadlines,
    reader: relay,
    answer: () => relay.answer,
    content: () => collector && { response: collector.response(), truncated: collector.truncated },
    committed: () => relay.committed,
    whenCommitted: (callback) => stream.whenCommitted(callback),
    rest: (end, billed) => restOf(chat, asked, { relay, end, billed, continued, tokenOf }),
    complete: (cost) =>
      relay.complete({ ...resumedTrailers(continued?.resumedAt), ...(input.tellsCost && costHeader(cost)) }),
    breakOff: (error) => stream.breakOff(error),
  };
}

function restOf(chat: StreamedChat, asked: ChatAsked, ended: Ended): AnswerRest | undefined {
  const { relay, end, continued } = ended;
  if (end.outcome === "completed") return continuation(chat, asked, ended);
  // Without any of it shown the whole stream has failed, and a client that has gone asks for nothing.
  if (end.outcome !== "failed" || !relay.committed) return undefined;
  return relay.answer.hasContent ? resumption(chat, ended) : (continued?.again ?? resumption(chat, ended));
}

/** The next piece of an answer whose provider ended it unfinished. */
function continuation(
  chat: StreamedChat,
  asked: ChatAsked,
  { relay, billed, continued, tokenOf }: Ended,
): AnswerRest | undefined {
  const { answer, decoder } = relay;
  const before = continued?.soFar;
  const token = tokenOf(answer);
  if (token === undefined) return undefined;
  const soFar = {
    token,
    continuations: (before?.continuations ?? 0) + 1,
    usage: joinedUsage(before?.usage, billed),
    decoder,
    ownFields: answer.ownFields,
  };
  const resumedAt = continued?.resumedAt;
  let isAskedBefore = false;
  const rest: AnswerRest = {
    prepare(rung, number) {
      const again = isAskedBefore ? {} : { again: rest };
      isAskedBefore = true;
      return ok(relayed(chat, { ...asked, rung, number }, { soFar, resumedAt, ...again }));
    },
  };
  return rest;
}

/** What is missing of a stream that broke, from whoever goes on with its words. */
function resumption(
  chat: StreamedChat,
  { relay: { answer }, billed, continued }: Ended,
): AnswerRest | undefined {
  const text = chat.begun?.text;
  if (text === undefined) return undefined;
  const before = continued?.soFar;
  const usage = joinedUsage(before?.usage, billed ?? seenUsage(answer));
  const soFar = { continuations: before?.continuations ?? 0, usage, ownFields: answer.ownFields };
  return {
    elsewhere: {
      goesOn: (rung) => goesOnWith(text, rung),
      promptTokens: estimatedTextTokens(text),
      generated: generatedTokens(usage),
    },
    prepare(rung, number, degraded) {
      const asked = askForRest(chat.input, { rung, number, degraded }, { text, usage });
      if (!asked.ok) return asked;
      return ok(relayed(chat, asked.value, { soFar, resumedAt: rung.deployment }));
    },
  };
}
