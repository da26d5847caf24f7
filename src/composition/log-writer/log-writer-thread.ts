import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { AppError } from "#core/kernel/app-error.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timer, Timers } from "#core/kernel/timers.ts";
import {
  addedStates,
  emptyLogWriterState,
  retryDelayMs,
  type LogEvent,
  type LogWriterPort,
  type LogWriterState,
  type UnredactedContent,
} from "#features/traffic/index.ts";
import type { ContentRedaction } from "./content-redaction.ts";
import type { LogWriterReply, LogWriterRequest, LogWriterStart } from "./log-writer-messages.ts";

/** What the thread is started with. */
export interface LogWriterThreadOptions {
  /** An existing directory that this process has the lock of. */
  readonly directory: string;
  readonly bytesMax: number;
  readonly redaction: ContentRedaction;
  /** Where the thread finds the database; `forwarded` is served by `serveDatabase`. */
  readonly database: { readonly kind: "url"; readonly databaseUrl: string } | { readonly kind: "forwarded" };
  /** Runs the statements that come over a port. */
  readonly serveDatabase: (port: MessagePort) => void;
  readonly timers: Timers;
  readonly random: Random;
  readonly onEvent: (event: LogEvent) => void;
}

/** Longest wait for the thread to look through a full spool, ms: 1 GB took 2 s. */
const openMsMax = 300_000;
/** How much longer than its deadline the thread may take to answer that it is over, ms. */
const answerMsMax = 2_000;
/** Records that the thread has not confirmed yet, UTF-16 code units: 4 000 requests and more. What comes then is lost. */
const unconfirmedLengthMax = 16 * 1024 * 1024;
/** The same of captured content. */
const unconfirmedContentMax = 64 * 1024 * 1024;
/** Heap of the thread, MB: batches are bounded, so that more than this is a mistake of ours. */
const heapMegabytesMax = 512;
/** Its young generation, MB: what a batch needs; the default of 48 would be filled before anything is freed. */
const youngMegabytesMax = 8;

/** Threads that may end one after the other while the same content is the oldest that none confirmed. */
const contentTriesMax = 3;

/** Handed over and not yet confirmed: sent again when the thread ends before it confirms. */
type Unconfirmed = { readonly id: number; readonly length: number } & (
  | { readonly kind: "records"; readonly entries: readonly string[] }
  | { readonly kind: "content"; readonly content: UnredactedContent }
);

interface Awaited {
  readonly id: number;
  readonly resolve: (complete: boolean) => void;
  readonly timer: Timer;
}

/**
 * The log writer in a thread of its own: the event loop that serves requests pays for a message and nothing else.
 * When the thread ends it is started again, and gets again what it had not confirmed.
 */
export class LogWriterThread implements LogWriterPort {
  readonly #options: LogWriterThreadOptions;
  readonly #encoder = new TextEncoder();
  #worker: Worker | undefined;
  /** Whether the thread takes messages. */
  #isReady = false;
  #isClosing = false;
  #failures = 0;
  /** What threads before this one counted. */
  #counted = emptyLogWriterState;
  #state = emptyLogWriterState;
  readonly #unconfirmed: Unconfirmed[] = [];
  #recordsLength = 0;
  #contentLength = 0;
  #nextId = 1;
  #lost = 0;
  #contentLost = 0;
  readonly #awaited = new Map<number, Awaited>();

  private constructor(options: LogWriterThreadOptions) {
    this.#options = options;
  }

  /** Starts the thread, which first looks through what is in the spool. @throws AppError store-unavailable */
  static async start(options: LogWriterThreadOptions): Promise<LogWriterThread> {
    const thread = new LogWriterThread(options);
    await new Promise<void>((resolve, reject) => {
      const timer = options.timers.after(openMsMax, () => fail(`it took longer than ${openMsMax} ms`));
      const fail = (reason: string): void => {
        timer.cancel();
        thread.#isClosing = true;
        void thread.#worker?.terminate();
        reject(new AppError("store-unavailable", `Cannot start the log writer: ${reason}`));
      };
      thread.#spawn({
        onReady() {
          timer.cancel();
          resolve();
        },
        onFailed: fail,
      });
    });
    return thread;
  }

  write(entries: readonly string[]): void {
    const length = entries.reduce((sum, entry) => sum + entry.length, 0);
    if (this.#recordsLength + length > unconfirmedLengthMax) {
      this.#lost += entries.length;
      return;
    }
    this.#recordsLength += length;
    this.#handOver({ kind: "records", id: this.#nextId++, length, entries });
  }

  writeContent(content: UnredactedContent): void {
    const length = content.request.byteLength + content.response.length;
    if (this.#contentLength > 0 && this.#contentLength + length > unconfirmedContentMax) {
      this.#contentLost += 1;
      return;
    }
    this.#contentLength += length;
    this.#handOver({ kind: "content", id: this.#nextId++, length, content });
  }

  get full(): string | undefined {
    return this.#state.full ?? (this.#isBehind ? behind : undefined);
  }

  state(): LogWriterState {
    const sum = addedStates(this.#counted, this.#state);
    const unconfirmed = this.#unconfirmed.reduce(
      (count, one) => count + (one.kind === "records" ? one.entries.length : 0),
      0,
    );
    return {
      ...sum,
      waiting: sum.waiting + unconfirmed,
      dropped: sum.dropped + this.#lost,
      contentDropped: sum.contentDropped + this.#contentLost,
      full: this.full,
    };
  }

  flush(deadlineMs: number): Promise<boolean> {
    return this.#ask("flush", deadlineMs);
  }

  async close(deadlineMs: number): Promise<boolean> {
    this.#isClosing = true;
    const complete = await this.#ask("close", deadlineMs);
    await this.#worker?.terminate();
    return complete;
  }

  get #isBehind(): boolean {
    return this.#lost > 0 || this.#recordsLength > unconfirmedLengthMax / 2;
  }

  #handOver(one: Unconfirmed): void {
    this.#unconfirmed.push(one);
    if (this.#isReady) this.#send(one);
  }

  #send(one: Unconfirmed): void {
    if (one.kind === "content") {
      this.#post({ kind: "content", id: one.id, content: one.content });
      return;
    }
    const bytes = this.#encoder.encode(one.entries.join("\n"));
    const lost = this.#lost > 0 ? { lost: { requests: this.#lost, reason: behind } } : {};
    this.#lost = 0;
    this.#post({ kind: "records", id: one.id, bytes, ...lost }, [bytes.buffer]);
  }

  #post(request: LogWriterRequest, transferred: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(request, transferred);
  }

  #ask(kind: "flush" | "close", deadlineMs: number): Promise<boolean> {
    if (!this.#isReady) {
      if (kind === "close")
        this.#options.onEvent({ kind: "flush-incomplete", waiting: this.state().waiting });
      return Promise.resolve(false);
    }
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = this.#options.timers.after(deadlineMs + answerMsMax, () => this.#answered(id, false));
      this.#awaited.set(id, { id, resolve, timer });
      this.#post({ kind, id, deadlineMs });
    });
  }

  #answered(id: number, complete: boolean): void {
    const awaited = this.#awaited.get(id);
    this.#awaited.delete(id);
    awaited?.timer.cancel();
    awaited?.resolve(complete);
  }

  #spawn(told: { readonly onReady: () => void; readonly onFailed: (reason: string) => void }): void {
    const { start, ports } = this.#start();
    const worker = new Worker(new URL(import.meta.resolve("#composition/log-writer/log-writer-worker.ts")), {
      workerData: start,
      transferList: [...ports],
      resourceLimits: {
        maxOldGenerationSizeMb: heapMegabytesMax,
        maxYoungGenerationSizeMb: youngMegabytesMax,
      },
    });
    this.#worker = worker;
    let reason = "its thread ended";
    worker.on("message", (reply: LogWriterReply) => {
      if (reply.kind === "ready") told.onReady();
      this.#heard(reply);
    });
    worker.on("error", (error: Error) => {
      reason = error.message;
    });
    worker.on("exit", () => {
      const wasReady = this.#isReady;
      this.#ended();
      if (this.#isClosing) return;
      if (wasReady) this.#startAgain(reason);
      else told.onFailed(reason);
    });
  }

  #start(): { readonly start: LogWriterStart; readonly ports: readonly MessagePort[] } {
    const { directory, bytesMax, redaction, database, serveDatabase } = this.#options;
    if (database.kind === "url") return { start: { directory, bytesMax, redaction, database }, ports: [] };
    const { port1, port2 } = new MessageChannel();
    serveDatabase(port1);
    return {
      start: { directory, bytesMax, redaction, database: { kind: "forwarded", port: port2 } },
      ports: [port2],
    };
  }

  #heard(reply: LogWriterReply): void {
    switch (reply.kind) {
      case "ready":
        this.#isReady = true;
        this.#state = reply.state;
        for (const one of this.#unconfirmed) this.#send(one);
        this.#tellLost();
        return;
      case "taken":
        this.#failures = 0;
        this.#state = reply.state;
        this.#confirm(reply.id);
        this.#tellLost();
        return;
      case "state":
        this.#state = reply.state;
        return;
      case "event":
        this.#options.onEvent(reply.event);
        return;
      case "flushed":
      case "closed":
        this.#state = reply.state;
        this.#answered(reply.id, reply.complete);
    }
  }

  #confirm(id: number): void {
    while (this.#unconfirmed[0] !== undefined && this.#unconfirmed[0].id <= id) {
      const one = this.#unconfirmed.shift();
      if (one?.kind === "records") this.#recordsLength -= one.length;
      if (one?.kind === "content") this.#contentLength -= one.length;
    }
  }

  /** Where new requests are refused no records come by which the loss would be told. */
  #tellLost(): void {
    if (this.#lost > 0 && this.#unconfirmed.length === 0) this.write([]);
  }

  #ended(): void {
    this.#isReady = false;
    // Its spool is read again by the next thread, which then knows what waits.
    this.#counted = addedStates(this.#counted, {
      ...this.#state,
      waiting: 0,
      contentWaiting: 0,
      spoolBytes: 0,
    });
    this.#state = emptyLogWriterState;
    for (const id of this.#awaited.keys()) this.#answered(id, false);
  }

  /** A content that ends thread after thread must not keep the records behind it from being written. */
  #dropSuspect(): void {
    const [oldest] = this.#unconfirmed;
    if (this.#failures < contentTriesMax || oldest?.kind !== "content") return;
    this.#unconfirmed.shift();
    this.#contentLength -= oldest.length;
    this.#contentLost += 1;
    const reason = `${contentTriesMax} threads have ended over it`;
    this.#options.onEvent({ kind: "content-not-kept", requestId: oldest.content.requestId, reason });
  }

  #startAgain(reason: string): void {
    this.#failures += 1;
    this.#dropSuspect();
    const retryInMs = retryDelayMs(this.#failures, this.#options.random.unit());
    this.#options.onEvent({ kind: "log-writer-failed", reason, retryInMs });
    this.#options.timers.after(retryInMs, () => {
      if (this.#isClosing) return;
      this.#spawn({ onReady: () => undefined, onFailed: (again) => this.#startAgain(again) });
    });
  }
}

const behind = "the log writer is behind";
