import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { AttemptsUnderWay } from "#features/gateway/attempts-under-way.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";

/** How long each phase of an upstream call may take, ms > 0; undefined is unbounded. */
export interface Deadlines {
  /** Until the first content of a stream. Keep-alives and empty deltas do not count. */
  readonly firstTokenMs?: number;
  /** Until a whole answer is there. */
  readonly answerMs?: number;
  /** Between two pieces of content once it has begun; of a whole answer between two pieces of its body. */
  readonly idleMs?: number;
  /** For what is left of the request as a whole. */
  readonly totalMs?: number;
}

/** What an exchange needs of the world. */
export interface ExchangeWorld {
  readonly upstream: UpstreamPort;
  readonly timers: Timers;
  readonly clock: Clock;
  /** Counts the attempts, where somebody wants to know. */
  readonly underWay?: AttemptsUnderWay;
}

/** Makes sense of what comes back. A failure it returns ends the call. */
export interface ExchangeReader {
  started(status: number, headers: Readonly<Record<string, string>>): void;
  /**
   * Reads a piece: a failure, or what was in it (the deadlines ask): content, a part of an answer that shows its content
   * only when it is whole, or nothing.
   */
  data(chunk: Uint8Array): UpstreamFailure | "content" | "part" | "nothing";
  /** The upstream is done: a failure when the answer is not whole. */
  ended(): UpstreamFailure | undefined;
}

/** How a call went. */
export type ExchangeEnd = ExchangeOutcome & ExchangeFacts;

/** What was seen of a call. */
interface ExchangeFacts {
  /** Status the upstream gave. */
  readonly status?: number;
  /** The headers that came with it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Until a connection was there and the call on its way, since the call began, ms. */
  readonly connectMs?: number;
  /** Since the call began, ms. */
  readonly firstByteMs?: number;
  readonly firstContentMs?: number;
  readonly lastContentMs?: number;
  readonly totalMs: number;
}

type ExchangeOutcome =
  | { readonly outcome: "completed" }
  | { readonly outcome: "aborted" }
  | { readonly outcome: "failed"; readonly failure: UpstreamFailure };

/** What an exchange is given beside its call. */
export interface ExchangeInput {
  readonly deadlines: Deadlines;
  readonly client: ClientPort;
  readonly reader: ExchangeReader;
  /** Hears of the first content, ms since the call began. */
  readonly onContent: (ms: number) => void;
  /** Hears the end, once. */
  readonly onEnd: (end: ExchangeEnd) => void;
}

/** One upstream call from its beginning to its end: the deadlines' timers, the client going away, slow clients. */
export class Exchange implements UpstreamListener {
  readonly #world: ExchangeWorld;
  readonly #input: ExchangeInput;
  readonly #startedMs: number;
  #handle: UpstreamHandle | undefined;
  #over = false;
  /** Whether reading waits for the client. */
  #held = false;
  /** Filled in place as the call goes on. */
  readonly #facts: Filled<ExchangeFacts> = { totalMs: 0 };
  #total: Timer | undefined;
  #firstToken: Timer | undefined;
  #idle: Timer | undefined;

  constructor(world: ExchangeWorld, input: ExchangeInput) {
    this.#world = world;
    this.#input = input;
    this.#startedMs = world.clock.monotonicMs();
  }

  /** Sends the call. Once. */
  begin(call: UpstreamCall): void {
    const { deadlines, client } = this.#input;
    if (client.closed) return this.#finish({ outcome: "aborted" });
    client.whenClosed(() => this.#finish({ outcome: "aborted" }));
    this.#total = this.#timer(deadlines.totalMs, "total-timeout", "The request's time was used up");
    this.#firstToken = this.#timer(
      deadlines.firstTokenMs,
      "first-token-timeout",
      "The upstream sent no content within its deadline",
    );
    this.#handle = this.#world.upstream.send(call, this);
    // The deadline of an unlucky call may have passed while it was being sent.
    if (this.#over) this.#handle.abort();
  }

  /** Cancels the call: another one answers in its place. */
  abort(): void {
    this.#finish({ outcome: "aborted" });
  }

  sent(): void {
    this.#facts.connectMs ??= this.#elapsedMs();
  }

  started(status: number, headers: Readonly<Record<string, string>>): void {
    this.#facts.status = status;
    this.#facts.headers = headers;
    this.#facts.firstByteMs ??= this.#elapsedMs();
    this.#input.reader.started(status, headers);
  }

  data(chunk: Uint8Array): void {
    if (this.#over) return;
    const seen = this.#input.reader.data(chunk);
    if (typeof seen === "object") return this.#fail(seen);
    if (seen === "content") this.#content();
    else if (seen === "part" && !this.#held) this.#awaitContent();
    if (this.#input.client.congested) this.#hold();
  }

  ended(): void {
    const failure = this.#input.reader.ended();
    if (failure) this.#fail(failure);
    else this.#finish({ outcome: "completed" });
  }

  failed(kind: "connect" | "reset", message: string): void {
    this.#fail({ kind, message: failureText(kind, message) });
  }

  #content(): void {
    const elapsedMs = this.#elapsedMs();
    this.#facts.lastContentMs = elapsedMs;
    if (this.#facts.firstContentMs === undefined) {
      this.#facts.firstContentMs = elapsedMs;
      this.#firstToken?.cancel();
      this.#input.onContent(elapsedMs);
    }
    if (!this.#held) this.#awaitContent();
  }

  /** Begins the wait for the next piece of content. */
  #awaitContent(): void {
    if (this.#idle) return this.#idle.restart();
    this.#idle = this.#timer(
      this.#input.deadlines.idleMs,
      "idle-timeout",
      "The upstream stopped sending within its answer",
    );
  }

  /**
   * Stops reading until the client has caught up. Its slowness is not the upstream's: nothing can come meanwhile, also of a
   * first content, where the client still reads what an earlier call brought, or a finish reason without any.
   */
  #hold(): void {
    // What had been received may still come in after the pause.
    if (this.#held) return;
    this.#held = true;
    this.#idle?.cancel();
    this.#firstToken?.cancel();
    this.#handle?.pause();
    this.#input.client.whenWritable(() => {
      this.#held = false;
      if (this.#over) return;
      if (this.#facts.firstContentMs !== undefined) this.#awaitContent();
      else this.#firstToken?.restart();
      this.#handle?.resume();
    });
  }

  #timer(delayMs: number | undefined, kind: UpstreamFailure["kind"], message: string): Timer | undefined {
    if (delayMs === undefined) return undefined;
    return this.#world.timers.after(delayMs, () => this.#fail({ kind, message }));
  }

  #fail(failure: UpstreamFailure): void {
    this.#finish({ outcome: "failed", failure });
  }

  #finish(outcome: ExchangeOutcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#total?.cancel();
    this.#firstToken?.cancel();
    this.#idle?.cancel();
    this.#handle?.abort();
    this.#facts.totalMs = this.#elapsedMs();
    this.#input.onEnd(Object.assign(this.#facts, outcome));
  }

  #elapsedMs(): number {
    return this.#world.clock.monotonicMs() - this.#startedMs;
  }
}

function failureText(kind: "connect" | "reset", message: string): string {
  return kind === "connect"
    ? `Cannot connect to the upstream (${message})`
    : `The upstream closed the connection before its answer was complete (${message})`;
}
