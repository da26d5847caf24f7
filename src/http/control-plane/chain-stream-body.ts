import { PassThrough, type Readable } from "node:stream";
import { sendChainStream, type ChainStream } from "#features/chains/index.ts";

/** Bytes of events that wait for a client which reads slowly; beyond, the chain and its provider are held back. */
const waitingBytesMax = 16 * 1024;

/**
 * The events of a chain as the body of an answer, each there as soon as it happened.
 * @param failed hears what ended the stream, when it is not the chain's end
 */
export function chainStreamBody(stream: ChainStream, failed: (error: unknown) => void): Readable {
  const body = new PassThrough({ highWaterMark: waitingBytesMax });
  const sent = sendChainStream(stream, {
    // A body that is gone takes nothing: the client's signal ends the run.
    write: (text) => (body.destroyed || body.write(text) ? undefined : writable(body)),
    end: () => void body.end(),
  });
  void sent.then((failure) => (failure === undefined ? undefined : failed(failure)));
  return body;
}

/** Resolves when the body takes more, or never will. */
function writable(body: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      body.off("drain", done).off("close", done);
      resolve();
    };
    body.once("drain", done).once("close", done);
  });
}
