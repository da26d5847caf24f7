import { Readable } from "node:stream";
import type { Timers } from "#core/kernel/timers.ts";
import type { TailListener } from "#features/traffic/index.ts";

/** Bytes of events between a listener and its connection; beyond, they wait with the listener. */
const waitingBytesMax = 16 * 1024;
/** How often a comment is sent, ms: below the idle time of usual proxies (60 s). */
export const heartbeatMs = 15_000;
/** Heartbeats in a row that find nothing taken before a connection is given up: a minute. */
const stalledBeatsMax = 4;
/** Longest life of a stream, ms: an hour. Then its client comes again, with a key that is still good. */
const lifeMsMax = 60 * 60_000;
/** How long a client waits before it comes again, ms. */
const retryMs = 2_000;

/** The events of a listener as the body of an answer, each there as soon as it happened. Its end ends the listener. */
export function tailStreamBody(listener: TailListener, timers: Timers): Readable {
  let taken = true;
  let stalledBeats = 0;
  const body = new Readable({
    highWaterMark: waitingBytesMax,
    encoding: "utf8",
    read() {
      taken = true;
      pump();
    },
    destroy(error, done) {
      heartbeat.cancel();
      life.cancel();
      listener.close();
      done(error);
    },
  });
  let finished = false;
  const pump = (): void => {
    if (finished || body.destroyed) return;
    let frame = listener.take();
    while (frame !== undefined && body.push(frame)) frame = listener.take();
    if (frame !== undefined) return;
    if (listener.ended) {
      finished = true;
      body.push(null);
    } else listener.whenReady(pump);
  };
  const heartbeat = timers.after(heartbeatMs, () => {
    stalledBeats = taken || body.readableLength === 0 ? 0 : stalledBeats + 1;
    taken = false;
    if (stalledBeats >= stalledBeatsMax) {
      body.destroy();
      return;
    }
    // Behind events that nobody takes a sign of life says nothing.
    if (!finished && body.readableLength === 0) body.push(": \n\n");
    heartbeat.restart();
  });
  const life = timers.after(lifeMsMax, () => listener.close());
  // Sends the headers at once: the client knows that it listens.
  body.push(`: Signalbox tells of each request as it ends\nretry: ${retryMs}\n\n`);
  return body;
}
