import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";
import type { FakeTime } from "../../../test/support/fake-time.ts";

/** How a server answers. */
export interface ServerShape {
  /** Answers that are made at once; requests beyond wait in a queue. */
  readonly places: number;
  /** From the beginning of an answer to its first token, and to its end, ms. */
  readonly firstMs: number;
  readonly endMs: number;
}

const chunk = (delta: object, finish_reason: string | null = null) =>
  Buffer.from(`data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\n\n`);
const usage = Buffer.from(
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 2 } })}\n\ndata: [DONE]\n\n`,
);

/** A server with a queue and a fixed time for each answer, by a clock that stands still until it is told to go on. */
export class SimulatedServer implements UpstreamPort {
  readonly bodies: string[] = [];
  readonly #time: FakeTime;
  readonly #shapeOf: (call: UpstreamCall) => ServerShape;
  readonly #queues = new Map<string, UpstreamListener[]>();
  readonly #busy = new Map<string, number>();

  /** @param shapeOf how the server of a call answers: calls of one host share its places */
  constructor(time: FakeTime, shapeOf: (call: UpstreamCall) => ServerShape) {
    this.#time = time;
    this.#shapeOf = shapeOf;
  }

  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    this.bodies.push(String(call.body));
    let isGone = false;
    const heard: UpstreamListener = {
      sent: () => isGone || listener.sent(),
      started: (status, headers) => isGone || listener.started(status, headers),
      data: (bytes) => isGone || listener.data(bytes),
      ended: () => isGone || listener.ended(),
      failed: (kind, message) => isGone || listener.failed(kind, message),
    };
    heard.sent();
    this.#take(call, heard);
    return { abort: () => (isGone = true), pause: () => undefined, resume: () => undefined };
  }

  #take(call: UpstreamCall, listener: UpstreamListener): void {
    const { host } = new URL(call.url);
    const { places, firstMs, endMs } = this.#shapeOf(call);
    const busy = this.#busy.get(host) ?? 0;
    if (busy >= places) {
      this.#queues.set(host, [...(this.#queues.get(host) ?? []), listener]);
      return;
    }
    this.#busy.set(host, busy + 1);
    this.#time.after(firstMs, () => {
      listener.started(200, {});
      listener.data(chunk({ content: "a" }));
    });
    this.#time.after(endMs, () => {
      listener.data(chunk({ content: "b" }, "stop"));
      listener.data(usage);
      listener.ended();
      this.#busy.set(host, (this.#busy.get(host) ?? 1) - 1);
      const [next, ...rest] = this.#queues.get(host) ?? [];
      this.#queues.set(host, rest);
      if (next) this.#take(call, next);
    });
  }
}
