import type { ClientPort } from "#features/gateway/index.ts";
import type { RequestTrace } from "../history.ts";
import { wordsIn } from "./answer-frames.ts";
import type { Tell } from "./story.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A client as its request's plan has it: it may read slowly, and leave. Writes down what it is sent. */
export class SimulatedClient implements ClientPort {
  closed = false;
  congested = false;
  readonly #trace: RequestTrace;
  readonly #time: VirtualTime;
  readonly #tell: Tell;
  readonly #onClosed: (() => void)[] = [];
  #onWritable: (() => void)[] = [];

  constructor(trace: RequestTrace, world: { readonly time: VirtualTime; readonly tell: Tell }) {
    this.#trace = trace;
    this.#time = world.time;
    this.#tell = world.tell;
    const { leavesAfterMs } = trace.plan;
    if (leavesAfterMs !== undefined) this.#time.at(this.#nowMs() + leavesAfterMs, () => this.#leave());
  }

  start(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.closed) return;
    if (this.#trace.status !== undefined)
      throw new Error(`Request ${this.#trace.plan.number}: its answer was started twice`);
    this.#trace.status = status;
    this.#trace.headers = headers;
    const { number } = this.#trace.plan;
    const from = headers["x-signalbox-deployment"];
    this.#tell(() => `request ${number}: status ${status}${from === undefined ? "" : ` from ${from}`}`);
  }

  write(data: Uint8Array | string): void {
    if (this.closed) return;
    if (this.#trace.ending) throw new Error(`Request ${this.#trace.plan.number}: written to after its end`);
    this.#take(data);
    const { readsSlowlyMs } = this.#trace.plan;
    if (readsSlowlyMs !== undefined && !this.congested) this.#fall(readsSlowlyMs);
  }

  end(data?: Uint8Array | string, trailers: Readonly<Record<string, string>> = {}): void {
    if (this.closed) return;
    this.#trace.trailers = trailers;
    if (data !== undefined) this.#take(data);
    this.#over("end");
  }

  breakOff(data: string): void {
    if (this.closed) return;
    this.#take(data);
    this.#over("broken-off");
  }

  whenWritable(callback: () => void): void {
    this.#onWritable.push(callback);
  }

  whenClosed(callback: () => void): void {
    this.#onClosed.push(callback);
  }

  #take(data: Uint8Array | string): void {
    const text = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
    this.#trace.text += text;
    if (this.#trace.firstWordMs === undefined && wordsIn(text).length > 0)
      this.#trace.firstWordMs = this.#nowMs();
  }

  #over(ending: "end" | "broken-off"): void {
    if (this.#trace.ending) throw new Error(`Request ${this.#trace.plan.number}: its answer was ended twice`);
    this.#trace.ending = ending;
    this.#trace.endedMs = this.#nowMs();
    const { number } = this.#trace.plan;
    this.#tell(() => `request ${number}: ${ending === "end" ? "answer complete" : "answer broken off"}`);
  }

  /** Does not read for a while. */
  #fall(pauseMs: number): void {
    this.congested = true;
    const pause: RequestTrace["pauses"][number] = { fromMs: this.#nowMs() };
    this.#trace.pauses.push(pause);
    this.#time.at(this.#nowMs() + pauseMs, () => {
      this.congested = false;
      pause.untilMs = this.#nowMs();
      const waiting = this.#onWritable;
      this.#onWritable = [];
      if (!this.closed) for (const callback of waiting) callback();
    });
  }

  #leave(): void {
    if (this.#trace.ending || this.closed) return;
    this.closed = true;
    this.#trace.leftMs = this.#nowMs();
    this.#tell(() => `request ${this.#trace.plan.number}: its client goes away`);
    for (const callback of this.#onClosed) callback();
  }

  #nowMs(): number {
    return this.#time.monotonicMs();
  }
}
