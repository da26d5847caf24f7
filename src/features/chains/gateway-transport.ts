import type { ErrorForClient, ServerDialect } from "#core/dialects/dialect.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { AppError, type ErrorCode } from "#core/kernel/app-error.ts";
import { assert } from "#core/kernel/assert.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { Arrival, Gateway } from "#features/gateway/index.ts";
import type { ChatTransport, ReplyHeaders } from "#frameworks/transport/chat-transport.ts";
import { AnswerClient } from "./answer-client.ts";
import { jsonSequenceFraming, readJsonSequence } from "./json-sequence.ts";

/** What a transport is given. */
export interface GatewayTransportInput {
  readonly gateway: Pick<Gateway, "chat">;
  /** The request as it came in. One id is one request: the transport serves one call. */
  readonly arrival: Omit<Arrival, "dialect">;
  /** Hears the headers of the answer as soon as there are any. */
  readonly answered: (headers: ReplyHeaders) => void;
  /** Hears what it used, as OpenAI tells it. */
  readonly used: (usage: JsonObject) => void;
}

/**
 * Reaches the gateway without a socket: the call is decided, recorded and relayed like any other.
 * @throws AppError with the gateway's own code and message
 */
export function gatewayTransport(input: GatewayTransportInput): ChatTransport {
  let used = false;
  const begin = async (body: JsonObject, signal: AbortSignal | undefined) => {
    assert(!used, "a gateway transport serves one call");
    used = true;
    const answer = ask(input, body, signal);
    const { status, headers } = await answer.client.head;
    input.answered(headers);
    if (status < 200 || status > 299) throw answer.failure();
    return { ...answer, headers };
  };
  return {
    identity: "gateway",
    async complete(body, { signal }) {
      const answer = await begin(body, signal);
      let text = "";
      for await (const piece of answer.client.pieces()) text += piece;
      await answer.served;
      const whole: unknown = JSON.parse(text);
      assert(isJsonObject(whole), "a whole answer is a JSON object");
      noteUsage(whole, input);
      return { headers: answer.headers, body: whole };
    },
    async stream(body, { signal }) {
      const answer = await begin(body, signal);
      return { headers: answer.headers, chunks: chunksOf(answer, input) };
    },
  };
}

interface Answer {
  readonly client: AnswerClient;
  /** What the gateway said went wrong. */
  readonly failure: () => AppError;
  readonly failed: () => boolean;
  /** Resolves when the request is over and recorded, so that its cost is known. */
  readonly served: Promise<void>;
}

function ask(input: GatewayTransportInput, body: JsonObject, signal: AbortSignal | undefined): Answer {
  let told: ErrorForClient | undefined;
  const server = telling((error) => (told = error));
  const decoded = server.decodeRequest(body, {});
  if (!decoded.ok) throw new AppError(decoded.error.code, decoded.error.message);
  const client = new AnswerClient(signal);
  const arrival: Arrival = { ...input.arrival, dialect: { ...openaiChat, server } };
  const call = {
    request: decoded.value,
    body: Buffer.from(JSON.stringify(body)),
    framing: jsonSequenceFraming(),
  };
  // The gateway does not throw; whatever happens reaches us through the client.
  const served = input.gateway.chat(arrival, call, client);
  return {
    client,
    served,
    failed: () => told !== undefined,
    failure: () =>
      told ? appErrorOf(told) : new AppError("internal", "The gateway refused a request without a reason"),
  };
}

/** OpenAI's dialect, whose errors are also heard as they are: with our codes, which its own words do not tell apart. */
function telling(hear: (error: ErrorForClient) => void): ServerDialect<unknown> {
  const { server } = openaiChat;
  return {
    ...server,
    encodeError(error) {
      hear(error);
      return server.encodeError(error);
    },
    encodeErrorFrame(error) {
      hear(error);
      return server.encodeErrorFrame(error);
    },
  };
}

async function* chunksOf(answer: Answer, input: GatewayTransportInput): AsyncGenerator<JsonObject> {
  for await (const piece of answer.client.pieces()) {
    for (const chunk of readJsonSequence(piece)) {
      // An error frame is the last of its stream and says less than the error that we heard.
      if ("error" in chunk) continue;
      noteUsage(chunk, input);
      yield chunk;
    }
  }
  if (answer.failed()) throw answer.failure();
  await answer.served;
}

function noteUsage({ usage }: JsonObject, { used }: GatewayTransportInput): void {
  if (isJsonObject(usage)) used(usage);
}

const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  "rate-limited",
  "overloaded",
  "no-deployment-available",
  "upstream-failed",
  "upstream-timeout",
]);

function appErrorOf({ code, message }: ErrorForClient): AppError {
  return new AppError(code, message, { retryable: retryableCodes.has(code) });
}
