import { ok } from "#core/kernel/result.ts";
import { joinedUsage } from "#core/llm/joined-response.ts";
import { ResponseCollector } from "#core/llm/response-collector.ts";
import { AnswerStream } from "#features/gateway/answer-stream.ts";
import { answerWarnings, type Answer } from "#features/gateway/answer-tracker.ts";
import type { ChatAsked, ChatOperationInput } from "#features/gateway/chat-asked.ts";
import { continuationToken, continuedCall, type AnswerSoFar } from "#features/gateway/continuation.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import { passingWriter, translatingWriter } from "#features/gateway/frame-writer.ts";
import type { AnswerRest, PreparedAttempt } from "#features/gateway/operation.ts";
import { StreamRelay, type StreamSoFar } from "#features/gateway/stream-relay.ts";

/** What all attempts at one streamed answer share. */
interface StreamedChat {
  readonly input: ChatOperationInput;
  readonly stream: AnswerStream;
  readonly collector: ResponseCollector | undefined;
}

/** What an attempt that continues a stream begins with. */
interface Continued {
  readonly soFar: AnswerSoFar & StreamSoFar;
  /** What it is an attempt at: to be asked for once more, should it bring nothing. */
  readonly rest: AnswerRest;
}

/** An attempt for a stream. */
export function streamedChat(input: ChatOperationInput, asked: ChatAsked): PreparedAttempt {
  const { client, framing, dialect, context, collectLengthMax } = input;
  const collector = collectLengthMax === undefined ? undefined : new ResponseCollector(collectLengthMax);
  const writer = asked.passes ? passingWriter(dialect, context) : translatingWriter(dialect.server, context);
  const stream = new AnswerStream({ writer, framing, client, collector });
  return relayed({ input, stream, collector }, asked, undefined);
}

function relayed(chat: StreamedChat, asked: ChatAsked, continued: Continued | undefined): PreparedAttempt {
  const { input, stream, collector } = chat;
  const { client, framing, dialect, request } = input;
  const { rung, number } = asked;
  const before = continued?.soFar;
  const question = { request, asked, before, costCap: input.costCap };
  let rest: { readonly token: string | undefined } | undefined;
  // Asked once, when the piece's end is there: what comes behind it must not change what the client was shown of it.
  const tokenOf = (answer: Answer): string | undefined =>
    (rest ??= { token: continuationToken(answer, question) }).token;
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
      }),
  });
  return {
    call: before ? continuedCall(asked.call, rung, before.token) : asked.call,
    warnings: () => [...asked.warnings, ...answerWarnings(relay.answer, dialect)],
    deadlines: input.deadlines,
    reader: relay,
    answer: () => relay.answer,
    content: () => collector && { response: collector.response(), truncated: collector.truncated },
    committed: () => relay.committed,
    whenCommitted: (callback) => stream.whenCommitted(callback),
    rest: (end) => restOf(chat, asked, { relay, end, continued, tokenOf }),
    complete: () => relay.complete(),
    breakOff: (error) => stream.breakOff(dialect.server.encodeErrorFrame(error)),
  };
}

function restOf(
  chat: StreamedChat,
  asked: ChatAsked,
  {
    relay,
    end,
    continued,
    tokenOf,
  }: {
    readonly relay: StreamRelay;
    readonly end: ExchangeEnd;
    readonly continued: Continued | undefined;
    readonly tokenOf: (answer: Answer) => string | undefined;
  },
): AnswerRest | undefined {
  const { answer, decoder } = relay;
  const before = continued?.soFar;
  // What has shown nothing may be asked for once more: without it the whole stream has failed.
  if (end.outcome === "failed") return relay.committed && !answer.hasContent ? continued?.rest : undefined;
  const token = end.outcome === "completed" ? tokenOf(answer) : undefined;
  if (token === undefined) return undefined;
  const soFar = {
    token,
    continuations: (before?.continuations ?? 0) + 1,
    usage: joinedUsage(before?.usage, answer.usage),
    decoder,
    ownFields: answer.ownFields,
  };
  const rest: AnswerRest = {
    prepare: (rung, number) => ok(relayed(chat, { ...asked, rung, number }, { soFar, rest })),
  };
  return rest;
}
