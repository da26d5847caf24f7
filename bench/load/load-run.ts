import { LoadConnection } from "./load-connection.ts";
import type { LoadOrder, LoadResult } from "./load-order.ts";
import { requestBody } from "./request-body.ts";
import type { Samples } from "./samples.ts";

/** Events of a stream whose times count; what comes behind them (usage, the end mark) comes with the last one. */
export const framesMeasured = 20;
/** A run whose answers do not come ends so long after its time, ms; what is missing then are errors. */
const overtimeMsMax = 30_000;
/** Most connections that are opened anew after a failure: a server that is gone must not be asked for ever. */
const reopenedMax = 1_000;

/** Where a run puts its times. */
export interface SampleRoom {
  readonly latencies: Samples;
  readonly firstFrames: Samples;
  readonly gaps: Samples;
}

/** Time between two looks at whether requests of a given rate are due, ms. */
const paceMs = 2;

/** One order being carried out. A connection's next request begins when its answer is whole, or later by a given rate. */
export class LoadRun {
  readonly #order: LoadOrder;
  readonly #room: SampleRoom;
  readonly #request: Buffer;
  readonly #open = new Set<LoadConnection>();
  /** Connections whose next request is not due. */
  readonly #waiting: LoadConnection[] = [];
  #measuring = false;
  #startedMs = 0;
  #begun = 0;
  #primed = 0;
  #underWay = 0;
  #reopened = 0;
  #errors = 0;
  #firstError = "";
  #onPrimed: (() => void) | undefined;
  #onDone: (() => void) | undefined;

  constructor(order: LoadOrder, room: SampleRoom) {
    this.#order = order;
    this.#room = room;
    this.#request = requestBytes(order);
  }

  /** Opens the connections and waits until each has had an answer, so that none is opened in measured time. */
  async prime(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onPrimed = resolve;
    for (let number = 0; number < this.#order.connections; number++) this.#connect().send();
    await withinOvertime(promise, overtimeMsMax);
    if (this.#primed < this.#order.connections || this.#errors > 0)
      throw new Error(`Cannot prime "${this.#order.path}": ${this.#firstError || "an answer did not come"}`);
  }

  /** Asks until the time is over, and gives what was measured. */
  async measure(): Promise<LoadResult> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDone = resolve;
    this.#measuring = true;
    this.#startedMs = performance.now();
    for (const connection of this.#open) this.#next(connection);
    const pace = setInterval(() => this.#pace(), paceMs);
    await withinOvertime(promise, this.#order.durationMs + overtimeMsMax);
    clearInterval(pace);
    const elapsedMs = performance.now() - this.#startedMs;
    if (this.#underWay > 0) this.#note("an answer did not come", this.#underWay);
    this.#measuring = false;
    for (const connection of this.#open) connection.close();
    const { latencies, firstFrames, gaps } = this.#room;
    return {
      latenciesMs: latencies.take(),
      firstFrameMs: firstFrames.take(),
      gapsMs: gaps.take(),
      errors: this.#errors,
      firstError: this.#firstError,
      elapsedMs,
    };
  }

  #connect(): LoadConnection {
    const connection = new LoadConnection(this.#order, this.#request, {
      frames: (from, before) => this.#frames(from, before),
      answered: (from) => this.#answered(from),
      failed: (from, reason) => this.#failed(from, reason),
    });
    this.#open.add(connection);
    return connection;
  }

  /** Begins the requests that are due on connections that wait. */
  #pace(): void {
    for (let waiting = this.#waiting.length; waiting > 0; waiting--) {
      const connection = this.#waiting.shift();
      if (connection) this.#next(connection);
    }
  }

  #next(connection: LoadConnection): void {
    const { durationMs, ratePerSecond, requestsMax = Number.POSITIVE_INFINITY } = this.#order;
    const elapsedMs = performance.now() - this.#startedMs;
    const due = ratePerSecond === undefined ? requestsMax : (elapsedMs / 1_000) * ratePerSecond;
    const isTime = elapsedMs < durationMs;
    if (isTime && this.#begun < requestsMax && this.#begun >= due) this.#waiting.push(connection);
    else if (isTime && this.#begun < requestsMax) {
      this.#begun += 1;
      this.#underWay += 1;
      connection.send();
    } else if (this.#underWay === 0) this.#onDone?.();
  }

  #frames(connection: LoadConnection, before: number): void {
    if (!this.#measuring || before >= framesMeasured) return;
    const nowMs = performance.now();
    if (before === 0) this.#room.firstFrames.add(nowMs - connection.startedMs);
    else this.#room.gaps.add(nowMs - connection.lastFrameMs);
    connection.lastFrameMs = nowMs;
  }

  #answered(connection: LoadConnection): void {
    const { status, frames } = connection.reader;
    const isGood = status === 200 && (!this.#order.shape.stream || frames >= framesMeasured);
    if (!isGood) this.#note(`status ${status} with ${frames} events`, 1);
    if (!this.#measuring) {
      this.#primed += 1;
      if (this.#primed === this.#order.connections) this.#onPrimed?.();
      return;
    }
    this.#underWay -= 1;
    if (isGood) this.#room.latencies.add(performance.now() - connection.startedMs);
    this.#next(connection);
  }

  #failed(connection: LoadConnection, reason: string): void {
    this.#open.delete(connection);
    this.#note(reason, 1);
    if (!this.#measuring) return this.#onPrimed?.();
    if (connection.busy) this.#underWay -= 1;
    if (this.#reopened++ < reopenedMax) this.#next(this.#connect());
    else if (this.#underWay === 0) this.#onDone?.();
  }

  #note(reason: string, count: number): void {
    this.#errors += count;
    this.#firstError ||= reason;
  }
}

function requestBytes({ path, host, port, headers, shape }: LoadOrder): Buffer {
  const body = requestBody(shape);
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}:${port}`,
    "content-type: application/json",
    `content-length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

async function withinOvertime(done: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
