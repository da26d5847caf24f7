import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { failedReply } from "./failed-reply.ts";
import type { FailedReply, ModelReply } from "./model-reply.ts";

/** What is sent. */
export interface PostedJson {
  readonly url: string;
  /** Beside the content type. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as it goes over the wire. */
  readonly body: string;
}

/** What calls are made with. */
export interface PostPorts {
  readonly upstream: UpstreamPort;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly timers: Timers;
}

/** How long a call may take, ms, and how large its answer may be, bytes. */
export interface PostLimits {
  readonly timeoutMs: number;
  readonly answerBytesMax: number;
}

/** Posts JSON to a server and takes the JSON object that it answers. Never rejects. */
export function postJson(
  ports: PostPorts,
  posted: PostedJson,
  limits: PostLimits,
  signal: AbortSignal,
): Promise<ModelReply> {
  return new Promise((resolve) => new Call(ports, limits, { signal, resolve }).send(posted));
}

class Call {
  readonly #ports: PostPorts;
  readonly #limits: PostLimits;
  readonly #signal: AbortSignal;
  readonly #resolve: (reply: ModelReply) => void;
  readonly #startedMs: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #end: (reply: ModelReply) => void = () => undefined;

  constructor(
    ports: PostPorts,
    limits: PostLimits,
    { signal, resolve }: { readonly signal: AbortSignal; readonly resolve: (reply: ModelReply) => void },
  ) {
    this.#ports = ports;
    this.#limits = limits;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#startedMs = ports.clock.monotonicMs();
  }

  send({ url, headers, body }: PostedJson): void {
    const { upstream, timers } = this.#ports;
    const { timeoutMs } = this.#limits;
    const handle = upstream.send(
      {
        url,
        headers: { "content-type": "application/json", ...headers },
        body,
        // Whoever writes an evaluation file names the address, as with any other client on their machine.
        privateNetwork: true,
      },
      {
        sent: () => undefined,
        started: (status, told) => {
          this.#status = status;
          this.#headers = told;
        },
        data: (chunk) => this.#take(chunk),
        ended: () => this.#end(this.#read()),
        failed: (_kind, message) => this.#end(failure("unreachable", message, { retryable: true })),
      },
    );
    const stop = () => this.#end(failure("stopped", "The run was stopped"));
    const timer = timers.after(timeoutMs, () =>
      this.#end(
        failure("timeout", `An answer within ${timeoutMs} ms is wanted, none came`, { retryable: true }),
      ),
    );
    this.#end = (reply) => {
      this.#end = () => undefined;
      timer.cancel();
      this.#signal.removeEventListener("abort", stop);
      handle.abort();
      this.#resolve(reply);
    };
    this.#signal.addEventListener("abort", stop, { once: true });
    if (this.#signal.aborted) stop();
  }

  #take(chunk: Uint8Array): void {
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    const { answerBytesMax } = this.#limits;
    if (this.#length > answerBytesMax)
      this.#end(
        failure("unreadable", `At most ${answerBytesMax} bytes of an answer are wanted, there are more`),
      );
  }

  #read(): ModelReply {
    const text = Buffer.concat(this.#pieces).toString("utf8");
    const body = objectIn(text);
    const headers = this.#headers;
    if (this.#status < 200 || this.#status > 299) return failedReply(this.#status, body, headers);
    if (!body) return failure("unreadable", "A JSON object is wanted as the answer, it is none");
    return { kind: "answered", body, headers, latencyMs: this.#ports.clock.monotonicMs() - this.#startedMs };
  }
}

function failure(
  code: string,
  message: string,
  facts: { readonly retryable?: boolean; readonly status?: number } = {},
): FailedReply {
  return {
    kind: "failed",
    code,
    message,
    retryable: facts.retryable ?? false,
    overload: false,
    ...present({ status: facts.status }),
  };
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // No JSON is an answer here, told as undefined.
    return undefined;
  }
}
