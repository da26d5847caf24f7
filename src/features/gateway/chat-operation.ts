import type { AnswerContext, Dialect, ErrorForClient, RequestProblem } from "#core/dialects/dialect.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import { replaceTopLevelString } from "#core/dialects/splice/replace-top-level-string.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import {
  emptyAnswer,
  incompleteness,
  trackResponse,
  type AnswerTracker,
} from "#features/gateway/answer-tracker.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { Deadlines } from "#features/gateway/exchange.ts";
import { idField, passingWriter, translatingWriter } from "#features/gateway/frame-writer.ts";
import type { Framing } from "#features/gateway/framing.ts";
import type { Operation, PreparedAttempt } from "#features/gateway/operation.ts";
import { upstreamBody, type UpstreamBody } from "#features/gateway/upstream-body.ts";
import type { Rung } from "#features/gateway/rung.ts";
import { StreamRelay } from "#features/gateway/stream-relay.ts";
import { WholeAnswerReader, type WholeBody } from "#features/gateway/whole-answer.ts";

/** A chat request on its way. */
export interface ChatOperationInput {
  readonly dialect: Dialect;
  readonly request: ChatRequest;
  /** The request's body as it came: it passes unchanged where it can. */
  readonly body: Buffer;
  readonly framing: Framing;
  readonly client: ClientPort;
  readonly context: AnswerContext;
  readonly deadlines: Deadlines;
  readonly nowMs: () => number;
  /** Headers of an answer by this rung. */
  readonly headers: (rung: Rung, contentType: string, attempt: number) => Readonly<Record<string, string>>;
}

/** Chat, in one piece or as a stream. */
export function chatOperation(input: ChatOperationInput): Operation {
  return { prepare: (rung, attempt) => prepareChat(input, rung, attempt) };
}

function prepareChat(
  input: ChatOperationInput,
  rung: Rung,
  attempt: number,
): Result<PreparedAttempt, RequestProblem> {
  const body = upstreamBody({ ...input, rung });
  if (!body.ok) return body;
  const common = {
    call: {
      url: rung.baseUrl + rung.dialect.client.chatPath(rung.model.id, input.request.stream),
      headers: rung.headers,
      body: body.value.body,
      privateNetwork: rung.privateNetwork,
    },
    warnings: body.value.warnings,
  };
  const headers = (contentType: string) => input.headers(rung, contentType, attempt);
  const prepare = input.request.stream ? streamAttempt : wholeAttempt;
  return ok({ ...common, ...prepare(input, { rung, body: body.value, headers }) });
}

type Attempt = Omit<PreparedAttempt, "call" | "warnings">;

interface Target {
  readonly rung: Rung;
  readonly body: UpstreamBody;
  readonly headers: (contentType: string) => Readonly<Record<string, string>>;
}

function streamAttempt(input: ChatOperationInput, { rung, body, headers }: Target): Attempt {
  const { client, framing, dialect, context } = input;
  const relay = new StreamRelay({
    dialect: rung.dialect.client,
    writer: body.passes ? passingWriter(dialect.name, context) : translatingWriter(dialect.server, context),
    framing,
    client,
    nowMs: input.nowMs,
    commit: () => client.start(200, { ...headers(framing.contentType), "cache-control": "no-cache" }),
  });
  return {
    deadlines: input.deadlines,
    reader: relay,
    answer: () => relay.answer,
    committed: () => relay.committed,
    complete: () => relay.complete(),
    breakOff: (error) => relay.breakOff(dialect.server.encodeErrorFrame(error)),
  };
}

function wholeAttempt(input: ChatOperationInput, { rung, body, headers }: Target): Attempt {
  let answer: AnswerTracker = emptyAnswer;
  let output: Buffer | string = "";
  const reader = new WholeAnswerReader(
    rung.dialect.client,
    (whole) => {
      const decoded = rung.dialect.client.decodeResponse(whole.json);
      if (!decoded.ok) return decoded.error;
      answer = trackResponse(decoded.value);
      const failure = incompleteness(answer);
      if (failure) return failure;
      output = body.passes
        ? withOurId(input, whole)
        : JSON.stringify(input.dialect.server.encodeResponse(decoded.value, input.context));
      return undefined;
    },
    input.nowMs,
  );
  return {
    // A whole answer has no first token to wait for: only the request's own bound applies.
    deadlines: input.deadlines.totalMs === undefined ? {} : { totalMs: input.deadlines.totalMs },
    reader,
    answer: () => answer,
    committed: () => false,
    complete() {
      input.client.start(200, headers("application/json; charset=utf-8"));
      input.client.end(output);
    },
    breakOff: (error: ErrorForClient) =>
      input.client.breakOff(JSON.stringify(input.dialect.server.encodeError(error))),
  };
}

/** The provider's bytes, but for the answer's id. */
function withOurId(input: ChatOperationInput, whole: WholeBody): Buffer | string {
  const field = idField[input.dialect.name];
  if (!isJsonObject(whole.json) || typeof whole.json[field] !== "string") return whole.bytes;
  return replaceTopLevelString(whole.bytes.toString("utf8"), field, input.context.responseId);
}
