import type { StoredTurn, ThreadServer } from "#core/dialects/dialect.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Json } from "#core/kernel/json.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import { lacksMedia } from "#core/redaction/redact-content.ts";
import type { CapturedContent } from "./captured-content.ts";
import type { LoggedExchange, RequestLogStore } from "./store.ts";

/** Most turns that a request goes on from: each is a look into the store. */
export const threadTurnsMax = 100;
/** Longest items of all of them, characters of their JSON: more than today's models read (a million tokens). */
export const threadLengthMax = 4_000_000;
/**
 * After how long is looked again for an answer that is not there yet, ms: it may be on its way, as a rule for a second. The
 * first look is earlier where this process has then written all that waited.
 */
export const lookAgainMs = [100, 100, 200, 400, 800] as const;
/** Longest time that what waits is carried into the store meanwhile, ms. */
export const flushMsMax = 2_000;
/** From the beginning of a request until its answer is in the store at the latest, ms: an earlier one is not waited for. */
export const onTheWayMsMax = 3_600_000;

const hourMs = 3_600_000;
const nameLengthMax = 100;
const field = "previous_response_id";

/** What stored threads are read with. */
export interface StoredThreadsParts {
  readonly store: Pick<RequestLogStore, "exchange">;
  /** Carries what waits for the store there; comes back after so many ms at the latest. */
  readonly flush: (deadlineMs: number) => Promise<unknown>;
  readonly timers: Timers;
  readonly clock: Pick<Clock, "nowMs">;
  /** Whether content is kept word for word: nothing is taken out of it before it is written. */
  readonly keepsWhole: boolean;
  /** How long a request and its content are both kept, ms. */
  readonly retentionMs: () => number;
}

/** A request that goes on from an answer. */
export interface ThreadAsked {
  readonly previousId: string;
  /** The key of whoever asks; absent where it has none. */
  readonly keyId: string | undefined;
  /** How the client's dialect speaks of turns. */
  readonly threads: ThreadServer;
  /** Takes memory for so many bytes more; false where there is none. */
  readonly takes: (bytes: number) => boolean;
}

/** The turns of earlier requests, from the content that the request log keeps of them. */
export class StoredThreads {
  readonly #parts: StoredThreadsParts;
  #flush: Promise<unknown> | undefined;
  #nextFlush: Promise<unknown> | undefined;

  constructor(parts: StoredThreadsParts) {
    this.#parts = parts;
  }

  /**
   * The turns that a request goes on from, the oldest first.
   * @throws AppError previous-response-not-found, where one of them is not there for whoever asks; invalid-request, where
   *   they are too many or too long; overloaded, where there is no memory for them; store-unavailable
   */
  async turnsBefore(asked: ThreadAsked): Promise<readonly StoredTurn[]> {
    const turns: StoredTurn[] = [];
    let length = 0;
    for (let id: string | undefined = asked.previousId; id !== undefined; id = turns.at(-1)?.previousId) {
      if (turns.length === threadTurnsMax) throw tooLong(asked, `${threadTurnsMax} earlier turns`);
      const turn = this.#readTurn(await this.#exchange(id), asked);
      if (!turn) throw this.#notFound(asked, id);
      length += turn.length;
      if (length > threadLengthMax) throw tooLong(asked, `${threadLengthMax} characters of earlier turns`);
      if (!asked.takes(turn.length)) throw noMemory(asked);
      turns.push(turn);
    }
    return turns.toReversed();
  }

  /** What the log has of a request, which may have ended just now, here or in another replica. */
  async #exchange(id: string): Promise<LoggedExchange | undefined> {
    const { store, clock, keepsWhole } = this.#parts;
    const startedAtMs = requestTimeMs(id);
    // Any text can come: only what can be an id is asked for.
    if (!keepsWhole || startedAtMs === undefined) return undefined;
    const stored = await store.exchange(id);
    if (!isOnTheWay(stored) || startedAtMs < clock.nowMs() - onTheWayMsMax) return stored;
    const flushed = this.#flushed();
    for (const [look, pauseMs] of lookAgainMs.entries()) {
      const paused = this.#pause(pauseMs);
      await (look === 0 ? Promise.race([flushed, paused]) : paused);
      const written = await store.exchange(id);
      if (!isOnTheWay(written)) return written;
    }
    return undefined;
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => this.#parts.timers.after(pauseMs, resolve));
  }

  #readTurn(
    exchange: LoggedExchange | undefined,
    { keyId, threads }: ThreadAsked,
  ): (StoredTurn & { readonly length: number }) | undefined {
    const content = exchange?.keyId === keyId ? wholeContent(exchange) : undefined;
    if (!content) return undefined;
    const { requestId, request, response } = content;
    const turn = threads.readTurn({
      responseId: requestId,
      // Both texts are JSON of just these shapes: the gateway wrote them, and nothing was taken out.
      request: JSON.parse(request) as Json,
      response: JSON.parse(response) as ChatResponse,
    });
    if (!turn) return undefined;
    const json = JSON.stringify(turn.items);
    return lacksMedia(json) ? undefined : { ...turn, length: json.length };
  }

  /**
   * Resolves after a flush that began now or later: one under way may have begun before what is wanted came. Those who
   * wait for it share the next.
   */
  #flushed(): Promise<unknown> {
    if (!this.#flush) return this.#beginFlush();
    return (this.#nextFlush ??= this.#flush.then(() => {
      this.#nextFlush = undefined;
      return this.#beginFlush();
    }));
  }

  #beginFlush(): Promise<unknown> {
    const flush = this.#parts.flush(flushMsMax).finally(() => {
      if (this.#flush === flush) this.#flush = undefined;
    });
    this.#flush = flush;
    return flush;
  }

  #notFound(asked: ThreadAsked, id: string): AppError {
    const hours = this.#parts.retentionMs() / hourMs;
    const kept = hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`;
    const where = id === asked.previousId ? "" : `; of its earlier turns "${id}" is none`;
    return new AppError(
      "previous-response-not-found",
      `${cannotGoOn(asked)}: the id of a whole answer to this key is wanted that was asked for without "store": false ` +
        `within the last ${kept}, on a route with capture: full, where log.redact takes nothing out; there is none${where}`,
      { field },
    );
  }
}

/** Whether more of a request may come into the store: its content has a way of its own. */
function isOnTheWay(exchange: LoggedExchange | undefined): boolean {
  return !exchange || (exchange.capture === "full" && !exchange.content);
}

/** What was asked and answered, where all of it is there as it was. */
function wholeContent(exchange: LoggedExchange | undefined): CapturedContent | undefined {
  const { dialect, operation, outcome, content } = exchange ?? {};
  if (dialect !== "openai-responses" || operation !== "chat" || outcome !== "completed") return undefined;
  const isWhole = content && !content.truncated && content.redactions === 0 && content.response !== "";
  return isWhole ? content : undefined;
}

function tooLong(asked: ThreadAsked, most: string): AppError {
  return new AppError(
    "invalid-request",
    `${cannotGoOn(asked)}: at most ${most} are wanted, it has more; begin a new thread with what matters of it in "input"`,
    { field },
  );
}

function noMemory(asked: ThreadAsked): AppError {
  const message = `${cannotGoOn(asked)}: memory for its turns is wanted, requests under way hold it`;
  return new AppError("overloaded", message, { retryable: true });
}

function cannotGoOn({ previousId }: ThreadAsked): string {
  const shown = previousId.length > nameLengthMax ? `${previousId.slice(0, nameLengthMax)}…` : previousId;
  return `Cannot go on from response ${JSON.stringify(shown)}`;
}
