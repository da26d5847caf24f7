import type { RequestProblem } from "#core/dialects/dialect.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { openaiEmbeddings } from "#core/dialects/openai-chat/server-embeddings.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Result } from "#core/kernel/result.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { Principal } from "#features/access/index.ts";
import type { Ask, VerificationAnswer, VerificationCall } from "#features/deployments/index.ts";
import { sseFraming, type ClientPort, type Gateway } from "#features/gateway/index.ts";

/** How long one answer may take, ms. */
const answerMsMax = 60_000;
/** The end mark of OpenAI's streams. */
const endMark = "[DONE]";

/** What a deployment is asked with. */
export interface VerificationCaller {
  /** A gateway that knows the deployment. */
  readonly gateway: Pick<Gateway, "chat" | "embeddings">;
  readonly deployment: string;
  readonly principal: Principal;
  /** Aborted when nobody wants the answers any more. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
}

/** Asks a deployment as a client would, without a socket: each call is decided, recorded and priced like any other. */
export function verificationAsk(caller: VerificationCaller): Ask {
  return async (call) => {
    const { clock, random, gateway, principal } = caller;
    const startedAtMs = clock.nowMs();
    const id = requestId(startedAtMs, random.bytes(10));
    const body: JsonObject = { ...call.body, model: caller.deployment };
    const client = new CollectingClient(caller.signal);
    const arrival = {
      requestId: id,
      startedAtMs,
      startedMs: clock.monotonicMs(),
      queueMs: 0,
      dialect: openaiChat,
      principal,
      tags: { verification: caller.deployment },
      deadlineMs: answerMsMax,
    };
    if (call.operation === "embeddings") {
      const request = readable(openaiEmbeddings.decodeRequest(body, {}));
      await gateway.embeddings(arrival, { request, encodeResponse: openaiEmbeddings.encodeResponse }, client);
    } else {
      const request = readable(openaiChat.server.decodeRequest(body, {}));
      const bytes = Buffer.from(JSON.stringify(body));
      await gateway.chat(arrival, { request, body: bytes, framing: sseFraming() }, client);
    }
    return answerOf(id, call, client);
  };
}

/** What we wrote ourselves, as it is read. */
function readable<Request>(decoded: Result<Request, RequestProblem>): Request {
  if (decoded.ok) return decoded.value;
  throw new Error(`A verification asks what nobody can read: ${decoded.error.message}`);
}

function answerOf(
  id: string,
  call: VerificationCall,
  { status, text, isBroken }: CollectingClient,
): VerificationAnswer {
  const frames = call.stream === true && status === 200 ? framesOf(text) : [text];
  const payloads = frames.filter((frame) => frame !== endMark).map(objectOf);
  const error = payloads.map((payload) => payload["error"]).find((one) => isJsonObject(one));
  const message = error && typeof error["message"] === "string" ? error["message"] : undefined;
  const problem =
    error || isBroken || status !== 200 ? `${status}: ${message ?? "the answer broke off"}` : undefined;
  return {
    requestId: id,
    status,
    payloads,
    ended: frames.at(-1) === endMark,
    ...(problem !== undefined && { problem }),
  };
}

function framesOf(text: string): readonly string[] {
  return text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: "))
    .map((frame) => frame.slice("data: ".length));
}

/** Our own gateway writes objects only; an answer of nothing at all is one without anything in it. */
function objectOf(text: string): JsonObject {
  const value: unknown = text === "" ? {} : JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** A client that keeps what it is sent, until it is told to go away. */
class CollectingClient implements ClientPort {
  readonly #signal: AbortSignal;
  readonly congested = false;
  status = 0;
  text = "";
  isBroken = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get closed(): boolean {
    return this.#signal.aborted;
  }

  start(status: number): void {
    this.status = status;
  }

  write(data: Uint8Array | string): void {
    this.text += typeof data === "string" ? data : Buffer.from(data).toString("utf8");
  }

  end(data?: Uint8Array | string): void {
    if (data !== undefined) this.write(data);
  }

  breakOff(data: string): void {
    this.write(data);
    this.isBroken = true;
  }

  whenWritable(): void {
    // It is never congested: nobody waits for this.
  }

  whenClosed(callback: () => void): void {
    this.#signal.addEventListener("abort", callback, { once: true });
  }
}
