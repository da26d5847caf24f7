import type { AnswerContext, ErrorForClient } from "#core/dialects/dialect.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Json } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Finish } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Usage } from "#core/llm/usage.ts";
import {
  chatInput,
  type ChainAnswer,
  type ChainCall,
  type ChainService,
  type ChainStream,
} from "#features/chains/index.ts";
import {
  requestIdHeaders,
  type Arrival,
  type ClientPort,
  type Framing,
  type Gateway,
} from "#features/gateway/index.ts";
import { errorForClient } from "#http/problem.ts";

/** What a chain's name has before it where a request asks for it as a model: no route can have a slash. */
const prefix = "chain/";

/** A chat request as it was decoded. */
interface ChatAsked {
  readonly request: ChatRequest;
  readonly framing: Framing;
}

/** What chains as models need. */
export interface ChainChatPorts {
  readonly chains: Pick<ChainService, "invoke" | "stream" | "definition">;
  readonly gateway: Pick<Gateway, "refuse">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Hears of our own mistakes. */
  readonly unexpected: (error: unknown, requestId: string) => void;
}

/** Serves chat requests for `chain/<name>` by running the chain: its steps are the requests that are decided and recorded. */
export class ChainChat {
  readonly #ports: ChainChatPorts;

  constructor(ports: ChainChatPorts) {
    this.#ports = ports;
  }

  /** Whether a model's name is that of a chain. */
  isChain(model: string): boolean {
    return model.startsWith(prefix);
  }

  /** Runs a chain; over when the answer (or the error) is sent. Does not throw. */
  async chat(arrival: Arrival, asked: ChatAsked, client: ClientPort): Promise<void> {
    const leaving = new AbortController();
    client.whenClosed(() => leaving.abort());
    if (client.closed) leaving.abort();
    let isRecorded = false;
    try {
      const call = {
        ...this.#call(arrival, asked.request, leaving.signal),
        whenAsking: () => (isRecorded = true),
      };
      if (asked.request.stream) await this.#stream(arrival, asked, { call, client });
      else await this.#whole(arrival, asked.request, { call, client });
    } catch (error) {
      const told = inRequest(error, asked.request);
      this.#refuse(arrival, { request: asked.request, isRecorded }, { error: told, client });
    }
  }

  #call(arrival: Arrival, request: ChatRequest, signal: AbortSignal): ChainCall {
    const chain = request.model.slice(prefix.length);
    const { requestId, principal, tags, deadlineMs } = arrival;
    return {
      chain,
      input: chatInput(this.#ports.chains.definition(chain), request),
      signal,
      requestId,
      tags,
      ...(principal && { principal }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    };
  }

  async #whole(
    arrival: Arrival,
    request: ChatRequest,
    { call, client }: { readonly call: ChainCall; readonly client: ClientPort },
  ): Promise<void> {
    const { headers, answer } = await this.#ports.chains.invoke(call);
    const usage = usageOf(answer);
    const response = {
      candidates: [{ index: 0, parts: [{ type: "text", text: textOf(answer.output) } as const], finish }],
      ...(usage && { usage }),
    };
    const body = JSON.stringify(
      arrival.dialect.server.encodeResponse(response, this.#contextOf(arrival, request)),
    );
    client.start(200, {
      ...requestIdHeaders(arrival.requestId, arrival.dialect),
      ...headers,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
    });
    client.end(body);
  }

  async #stream(
    arrival: Arrival,
    { request, framing }: ChatAsked,
    { call, client }: { readonly call: ChainCall; readonly client: ClientPort },
  ): Promise<void> {
    const run = await this.#ports.chains.stream(call);
    client.start(200, {
      ...requestIdHeaders(arrival.requestId, arrival.dialect),
      ...run.headers,
      "content-type": framing.contentType,
      "cache-control": "no-store",
    });
    const { server } = arrival.dialect;
    let state = server.startStream(this.#contextOf(arrival, request));
    const write = (payloads: readonly string[]) => {
      for (const payload of payloads) client.write(framing.frame(payload));
    };
    try {
      for await (const part of partsOf(run)) {
        const [next, payloads] = server.encodePart(state, part);
        state = next;
        write(payloads);
        await writable(client);
      }
    } catch (error) {
      const told = this.#toldError(arrival, error);
      client.breakOff(framing.frame(server.encodeErrorFrame(told, state)) + framing.close());
      return;
    }
    write(server.endStream(state));
    client.end(framing.close());
  }

  #contextOf(arrival: Arrival, request: ChatRequest): AnswerContext {
    return {
      responseId: arrival.requestId,
      model: request.model,
      createdSeconds: Math.trunc(arrival.startedAtMs / 1000),
      nowSeconds: () => Math.trunc(this.#ports.clock.nowMs() / 1000),
      includeUsage: request.includeUsage,
      request,
    };
  }

  /** Requests of steps are recorded as what they are: a refusal is a further one only where there was none. */
  #refuse(
    arrival: Arrival,
    { request, isRecorded }: { readonly request: ChatRequest; readonly isRecorded: boolean },
    { error, client }: { readonly error: unknown; readonly client: ClientPort },
  ): void {
    const told = this.#toldError(arrival, error);
    if (client.closed && isRecorded) return;
    const { model, stream } = request;
    const refusal = { operation: "chat", model, stream, error: told, recorded: !isRecorded } as const;
    this.#ports.gateway.refuse(arrival, refusal, client);
  }

  #toldError({ requestId }: Arrival, error: unknown): ErrorForClient {
    if (!(error instanceof AppError) || error.code === "internal") {
      this.#ports.unexpected(error, requestId);
      return errorForClient(new AppError("internal", "Signalbox failed"), requestId);
    }
    return errorForClient(error, requestId);
  }
}

/** A chain's error with the field that this client wrote: it knows no `input`. */
function inRequest(error: unknown, { promptVariables = {} }: ChatRequest): unknown {
  if (!(error instanceof AppError) || error.field === undefined) return error;
  const [first, ...rest] = error.field.split(".");
  if (first !== "input") return error;
  const name = rest.join(".");
  const isFromMessages = name !== "" && !Object.hasOwn(promptVariables, name);
  const field = isFromMessages ? "messages" : ["prompt_variables", ...rest].join(".");
  const { code, message, retryable } = error;
  return new AppError(code, message, { retryable, field, cause: error });
}

const finish: Finish = { reason: "stop", raw: "stop" };

/** What a run tells, as the parts of a model's answer. What is no text comes whole at its end. */
async function* partsOf(run: ChainStream): AsyncGenerator<StreamPart> {
  yield { type: "response-start" };
  let isTold = false;
  for await (const event of run.events) {
    if (event.type === "chunk" && run.isText) {
      isTold = true;
      yield { type: "text-delta", candidate: 0, text: event.text };
    }
    if (event.type !== "end") continue;
    const usage = usageOf(event.answer);
    if (!isTold) yield { type: "text-delta", candidate: 0, text: textOf(event.answer.output) };
    yield { type: "finish", candidate: 0, finish };
    if (usage) yield { type: "usage", usage };
    yield { type: "end" };
  }
}

function textOf(output: Json): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** What all requests of the run used. */
function usageOf({ usage }: ChainAnswer): Usage | undefined {
  return (
    usage && {
      inputTokens: usage.input_tokens,
      cachedInputTokens: usage.cached_input_tokens,
      toolInputTokens: 0,
      outputTokens: usage.output_tokens - usage.thinking_tokens,
      thinkingTokens: usage.thinking_tokens,
    }
  );
}

/** Waits while the client reads slower than the chain writes. One that leaves aborts the run, which ends the waiting. */
function writable(client: ClientPort): Promise<void> {
  if (!client.congested || client.closed) return Promise.resolve();
  return new Promise((resolve) => {
    client.whenWritable(resolve);
    client.whenClosed(resolve);
  });
}
