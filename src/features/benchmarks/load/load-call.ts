import type { UpstreamHandle, UpstreamListener, UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import {
  failureOfStatus,
  type MeasuredRequest,
  type RequestOutcome,
} from "#core/benchmarks/measured-request.ts";
import { hasToken } from "#core/benchmarks/timeline.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import { StreamReading, WholeReading, type AnswerReading } from "./answer-reading.ts";
import type { LoadTarget } from "./load-target.ts";
import { gatewayMsOf } from "./server-timing.ts";

/** What a call is to do. */
export interface CallOrder {
  readonly target: LoadTarget;
  readonly body: string;
  readonly intendedMs: number;
  readonly takenMs: number;
  /** Whether the answer's text is wanted, for the next turn. */
  readonly keepsText: boolean;
  /** Broken off as a timeout, ms after the start. */
  readonly timeoutMs: number;
  /** Broken off on purpose, ms after the start; absent for never. */
  readonly cancelMs?: number;
}

/** Who hears of a call. */
export interface CallListener {
  /** The first token came, so long after the start. */
  firstToken(ms: number): void;
  /** It is over. @param text of the answer, where it was asked for */
  over(request: MeasuredRequest, text: string): void;
}

/** What a call needs of the outside. */
export interface CallPorts {
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** One request of a load, from its start to its end; notes when everything happened. */
export class LoadCall implements UpstreamListener {
  readonly #order: CallOrder;
  readonly #ports: CallPorts;
  readonly #listener: CallListener;
  readonly #reading: AnswerReading;
  #startedMs = 0;
  #timer: Timer | undefined;
  #handle: UpstreamHandle | undefined;
  #sentMs: number | undefined;
  #headersMs: number | undefined;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #isTokenTold = false;
  #isOver = false;

  constructor(order: CallOrder, ports: CallPorts, listener: CallListener) {
    const { target, keepsText } = order;
    this.#order = order;
    this.#ports = ports;
    this.#listener = listener;
    this.#reading = target.stream
      ? new StreamReading(target.dialect, keepsText)
      : new WholeReading(target.dialect);
  }

  /** Hands it to the HTTP client. */
  begin(): void {
    const { target, body, timeoutMs, cancelMs = timeoutMs } = this.#order;
    const { upstream, clock, timers } = this.#ports;
    this.#timer = timers.after(Math.min(cancelMs, timeoutMs), () => this.#breakOff());
    this.#startedMs = clock.monotonicMs();
    const { url, headers } = target;
    this.#handle = upstream.send({ url, headers, body, privateNetwork: true }, this);
  }

  sent(): void {
    this.#sentMs = this.#ports.clock.monotonicMs();
  }

  started(status: number, headers: Readonly<Record<string, string>>): void {
    this.#headersMs = this.#ports.clock.monotonicMs();
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Uint8Array): void {
    if (!this.#isSuccess()) return;
    const atMs = this.#ports.clock.monotonicMs();
    this.#reading.take(chunk, atMs);
    if (this.#isTokenTold || !this.#reading.events.some(hasToken)) return;
    this.#isTokenTold = true;
    this.#listener.firstToken(atMs - this.#startedMs);
  }

  ended(): void {
    if (!this.#isSuccess()) {
      this.#end({
        kind: "failed",
        failure: failureOfStatus(this.#status),
        detail: `status ${this.#status}`,
      });
      return;
    }
    const endedMs = this.#ports.clock.monotonicMs();
    const fault = this.#reading.end();
    this.#end(fault ? { kind: "failed", ...fault } : { kind: "answered" }, endedMs);
  }

  failed(failure: "connect" | "reset", detail: string): void {
    this.#end({ kind: "failed", failure, detail });
  }

  /** Breaks the call off; nobody hears of it. */
  abort(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#handle?.abort();
  }

  #isSuccess(): boolean {
    return this.#status >= 200 && this.#status < 300;
  }

  #breakOff(): void {
    const { cancelMs, timeoutMs } = this.#order;
    this.#handle?.abort();
    if (cancelMs !== undefined && cancelMs <= timeoutMs) this.#end({ kind: "cancelled" });
    else this.#end({ kind: "failed", failure: "timeout", detail: `after ${timeoutMs} ms` });
  }

  #end(outcome: RequestOutcome, endedMs = this.#ports.clock.monotonicMs()): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.cancel();
    const { intendedMs, takenMs } = this.#order;
    const { events, usage, text } = this.#reading;
    const timeline = present({
      intendedMs,
      takenMs,
      startedMs: this.#startedMs,
      sentMs: this.#sentMs,
      headersMs: this.#headersMs,
      events,
      endedMs,
      usage,
    });
    const gatewayMs = gatewayMsOf(this.#headers["server-timing"]);
    const costUsd = numberOf(this.#headers["x-signalbox-cost-usd"]);
    this.#listener.over(present({ timeline, outcome, gatewayMs, costUsd }), text);
  }
}

function numberOf(text: string | undefined): number | undefined {
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
