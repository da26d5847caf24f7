import { Agent } from "undici";
import { chatBody } from "./workload.ts";

/** An answer that a client got. */
export interface Answered {
  readonly requestId: string;
  readonly status: number;
  /** When its last byte came, ms since 1970. */
  readonly endedAtMs: number;
  readonly latencyMs: number;
}

/** Clients that send one request after the other until they are stopped. */
export class Load implements AsyncDisposable {
  readonly answered: Answered[] = [];
  readonly #agent = new Agent({ connections: null, keepAliveTimeout: 10_000 });
  readonly #url: string;
  #stopped = false;
  readonly #clients: Promise<void>;

  constructor(url: string, clients: number) {
    this.#url = url;
    this.#clients = Promise.all(Array.from({ length: clients }, () => this.#client())).then(() => undefined);
  }

  /** Lets the requests under way end; sends none any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#clients;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#agent.destroy();
  }

  async #client(): Promise<void> {
    while (!this.#stopped) {
      const startedMs = performance.now();
      try {
        const { statusCode, headers, body } = await this.#agent.request({
          origin: this.#url,
          path: "/v1/chat/completions",
          method: "POST",
          headers: { "content-type": "application/json" },
          body: chatBody,
        });
        await body.dump();
        this.answered.push({
          requestId: String(headers["x-signalbox-request-id"]),
          status: statusCode,
          endedAtMs: Date.now(),
          latencyMs: performance.now() - startedMs,
        });
      } catch {
        // The process was killed: what it had answered is what counts, and nobody is there to be asked again.
        return;
      }
    }
  }
}
