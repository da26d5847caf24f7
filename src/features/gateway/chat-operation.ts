import type { AnswerContext, RequestProblem } from "#core/dialects/dialect.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import {
  replaceTopLevelString,
  replaceTopLevelStringInBytes,
} from "#core/dialects/splice/replace-top-level-string.ts";
import type { Degraded } from "#core/routing/degraded.ts";
import { ResponseCollector } from "#core/llm/response-collector.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { answerWarnings, incompleteness, trackResponse } from "#features/gateway/answer-tracker.ts";
import type { CollectedContent } from "#features/gateway/collected-content.ts";
import { idField, passingWriter, translatingWriter } from "#features/gateway/frame-writer.ts";
import type { Framing } from "#features/gateway/framing.ts";
import { giveKeptAnswer } from "#features/gateway/kept-answers/give-kept-answer.ts";
import type { Operation, OperationInput, PreparedAttempt } from "#features/gateway/operation.ts";
import { upstreamBody, type UpstreamBody } from "#features/gateway/upstream-body.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { StreamRelay } from "#features/gateway/stream-relay.ts";
import { wholeAttempt, type AnswerSide } from "#features/gateway/whole-attempt.ts";
import type { WholeBody } from "#features/gateway/whole-answer.ts";

/** A chat request on its way. */
export interface ChatOperationInput extends OperationInput {
  readonly request: ChatRequest;
  /** The request's body as it came: it passes unchanged where it can. */
  readonly body: Buffer;
  readonly framing: Framing;
  readonly context: AnswerContext;
}

/** Chat, in one piece or as a stream. */
export function chatOperation(input: ChatOperationInput): Operation {
  return {
    prepare: (rung, attempt, degraded) => prepareChat(input, rung, { attempt, degraded }),
    giveKept: (response, headers) => giveKeptAnswer(input, response, headers),
  };
}

function prepareChat(
  input: ChatOperationInput,
  rung: Rung,
  { attempt, degraded }: { readonly attempt: number; readonly degraded: Degraded | undefined },
): Result<PreparedAttempt, RequestProblem> {
  const outputTokensMax = degraded?.step === "shorter" ? degraded.outputTokensMax : undefined;
  const body = upstreamBody({ ...input, rung, outputTokensMax });
  if (!body.ok) return body;
  const call = {
    url: rung.baseUrl + rung.dialect.client.chatPath(rung.model.id, input.request.stream),
    headers: rung.headers,
    body: body.value.body,
    privateNetwork: rung.privateNetwork,
  };
  const headers = (contentType: string) => input.headers(rung, contentType, attempt, degraded);
  const prepare = input.request.stream ? streamedChat : wholeChat;
  const side = prepare(input, { rung, body: body.value, headers });
  return ok({
    ...side,
    call,
    warnings: () => [...body.value.warnings, ...answerWarnings(side.answer(), input.dialect)],
  });
}

interface Target {
  readonly rung: Rung;
  readonly body: UpstreamBody;
  readonly headers: (contentType: string) => Readonly<Record<string, string>>;
}

function streamedChat(input: ChatOperationInput, { rung, body, headers }: Target): AnswerSide {
  const { client, framing, dialect, context } = input;
  const collector =
    input.collectLengthMax === undefined ? undefined : new ResponseCollector(input.collectLengthMax);
  const relay = new StreamRelay({
    collector,
    dialect: rung.dialect.client,
    writer: body.passes ? passingWriter(dialect.name, context) : translatingWriter(dialect.server, context),
    framing,
    client,
    nowMs: input.nowMs,
    holdsBlocked: input.holdsBlocked,
    commit: () => client.start(200, { ...headers(framing.contentType), "cache-control": "no-cache" }),
  });
  return {
    deadlines: input.deadlines,
    reader: relay,
    answer: () => relay.answer,
    content: () => collector && { response: collector.response(), truncated: collector.truncated },
    committed: () => relay.committed,
    whenCommitted: (callback) => relay.whenCommitted(callback),
    complete: () => relay.complete(),
    breakOff: (error) => relay.breakOff(dialect.server.encodeErrorFrame(error)),
  };
}

function wholeChat(input: ChatOperationInput, { rung, body, headers }: Target): AnswerSide {
  const { client, dialect, nowMs } = input;
  let content: CollectedContent | undefined;
  const attempt = wholeAttempt({
    dialect: rung.dialect.client,
    client,
    deadlines: input.deadlines,
    nowMs,
    headers,
    translate(whole) {
      const decoded = rung.dialect.client.decodeResponse(whole.json);
      if (!decoded.ok) return failed({ failure: decoded.error });
      const answer = trackResponse(decoded.value);
      const failure = incompleteness(answer);
      if (failure) return failed({ failure, answer });
      if (input.collectLengthMax !== undefined) content = { response: decoded.value, truncated: false };
      const written = body.passes ? withOurId(input, whole) : encoded(input, decoded.value);
      return ok({ answer, body: written });
    },
    errorBody: (error) => JSON.stringify(dialect.server.encodeError(error)),
  });
  return { ...attempt, content: () => content };
}

function encoded({ dialect, context }: ChatOperationInput, response: ChatResponse): string {
  return JSON.stringify(dialect.server.encodeResponse(response, context));
}

/** The provider's bytes, but for the answer's id. */
function withOurId({ dialect, context }: ChatOperationInput, whole: WholeBody): Buffer | string {
  const field = idField[dialect.name];
  const { bytes, json, asciiText } = whole;
  if (asciiText !== undefined)
    return replaceTopLevelString({ text: asciiText, json }, field, context.responseId);
  return replaceTopLevelStringInBytes({ bytes, json }, field, context.responseId) ?? bytes;
}
