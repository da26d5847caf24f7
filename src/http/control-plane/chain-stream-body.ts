import { PassThrough, type Readable } from "node:stream";
import type { Timers } from "#core/kernel/timers.ts";
import { sendChainStream, type ChainStream, type StreamWords } from "#features/chains/index.ts";

/** Bytes of events that wait for a client which reads slowly; beyond, the chain and its provider are held back. */
const waitingBytesMax = 16 * 1024;
/** Longest time for a client to take those, ms, as for the models' streams; then its connection is given up. */
const stalledMsMax = 60_000;

/** What a stream needs of its surroundings. */
interface StreamWorld {
  readonly timers: Timers;
  /** Hears what ended the stream, when it is not the chain's end. */
  readonly failed: (error: unknown) => void;
  /** In whose words it is told; our own when absent. */
  readonly words?: StreamWords;
}

/** The events of a chain as the body of an answer, each there as soon as it happened. */
export function chainStreamBody(stream: ChainStream, { timers, failed, words }: StreamWorld): Readable {
  const body = new PassThrough({ highWaterMark: waitingBytesMax });
  const sink = {
    // A body that is gone takes nothing: the client's signal ends the run.
    write: (text: string) => (body.destroyed || body.write(text) ? undefined : writable(body, timers)),
    end: () => void body.end(),
  };
  const sent = sendChainStream(stream, sink, words);
  void sent.then((failure) => (failure === undefined ? undefined : failed(failure)));
  return body;
}

/** Resolves when the body takes more, or never will. */
function writable(body: PassThrough, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const stalled = timers.after(stalledMsMax, () => body.destroy());
    const done = () => {
      stalled.cancel();
      body.off("drain", done).off("close", done);
      resolve();
    };
    body.once("drain", done).once("close", done);
  });
}
