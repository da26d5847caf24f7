import { Readable } from "node:stream";
import type { Timers } from "#core/kernel/timers.ts";
import { jobView, type RunJob } from "#features/evaluations/index.ts";

/** How often a run is looked at, ms. */
const lookMs = 1_000;
/** Looks without a word before a comment keeps the connection: proxies close idle ones after a minute. */
const silentMax = 15;
/** Looks in a stream's life: an hour. */
const looksMax = 3_600;

/** What a run is watched with. */
export interface WatchPorts {
  readonly read: () => Promise<RunJob>;
  readonly timers: Timers;
}

/**
 * How far a run is, as the body of an answer. It is looked up anew each time: whichever process carries it out keeps what it
 * does in the store. Nothing is read while the client takes nothing.
 */
export function runEventsBody(first: RunJob, { read, timers }: WatchPorts): Readable {
  let told = "";
  let silent = 0;
  let looks = 0;
  const body = new Readable({
    encoding: "utf8",
    read: () => undefined,
    destroy(error, done) {
      timer.cancel();
      done(error);
    },
  });
  /** @returns whether that was the last word */
  const tell = (job: RunJob): boolean => {
    const text = JSON.stringify(jobView(job));
    if (text !== told) body.push(`event: progress\ndata: ${text}\n\n`);
    else if (silent + 1 >= silentMax) body.push(": \n\n");
    silent = text === told ? (silent + 1) % silentMax : 0;
    told = text;
    const isLast = job.state !== "queued" && job.state !== "running";
    if (isLast) body.push(null);
    return isLast;
  };
  const look = async (): Promise<void> => {
    try {
      if (body.readableLength === 0 && tell(await read())) return;
      if (++looks >= looksMax) body.push(null);
      else if (!body.destroyed) timer.restart();
    } catch {
      // The store is away, or the run deleted: a client connects again, and is told.
      body.destroy();
    }
  };
  const timer = timers.after(lookMs, () => void look());
  if (tell(first)) timer.cancel();
  return body;
}
