import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Timers } from "#core/kernel/timers.ts";

/** Longest time for a client to take a page, and for the page to be read, ms; then its connection is given up. */
const stalledMsMax = 60_000;

/**
 * Text that is made while it is sent, as the body of an answer: the next piece is made when the one before was taken.
 * When making fails, what was made is sent, and then the connection is cut instead of ended.
 */
export function exportBody(text: AsyncGenerator<string, void>, timers: Timers): Readable {
  const body = Readable.from(paced(), { objectMode: true, highWaterMark: 1 });
  const stalled = timers.after(stalledMsMax, () => body.destroy());
  body.once("close", () => stalled.cancel());
  return body;

  async function* paced(): AsyncGenerator<string, void> {
    try {
      for await (const piece of text) {
        stalled.restart();
        if (piece !== "") yield piece;
      }
    } catch (error) {
      // The last piece, which tells of the failure, is handed to the socket at the end of this turn of the loop.
      await nextTurn();
      throw error;
    }
  }
}
