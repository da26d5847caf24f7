import type { ServerResponse } from "node:http";
import type { Timers } from "../timers.ts";
import type { Delivery } from "./action.ts";

/** How a delivery went. */
export interface DeliveryOutcome {
  /** completed: the response ended properly; aborted: the client left first; failed: the emulator cut it. */
  readonly outcome: "completed" | "aborted" | "failed";
  /** Complete frames (or whole bodies) written. */
  readonly framesSent: number;
  /** Output tokens that were written. */
  readonly outputTokensSent: number;
}

/** What the runner needs of its surroundings. */
export interface DeliverySurroundings {
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly timers: Timers;
  /** Aborts when the client's connection closes. */
  readonly signal: AbortSignal;
}

/** A hanging response is given up after this long, so that a forgotten client holds nothing for ever. */
const hangMsMax = 600_000;

/**
 * Performs a delivery. Pauses add up to due times, so that their sum is kept however late single timers fire; with no
 * pauses no timer is used. Stops at once when the client leaves.
 */
export async function runDelivery(
  delivery: Delivery,
  response: ServerResponse,
  { now, timers, signal }: DeliverySurroundings,
): Promise<DeliveryOutcome> {
  const startMs = now();
  let dueMs = 0;
  let framesSent = 0;
  let outputTokensSent = 0;
  let hasEnded = false;

  async function wait(ms: number): Promise<void> {
    dueMs += ms;
    const leftMs = startMs + dueMs - now();
    if (leftMs > 0) await timers.sleep(leftMs, signal);
  }

  for (const action of delivery.actions) {
    if (signal.aborted) break;
    switch (action.kind) {
      case "pause":
        if (action.ms > 0) await wait(action.ms);
        break;
      case "head":
        sendHead(delivery, response);
        break;
      case "write":
        sendHead(delivery, response);
        await write(action.bytes, response, signal);
        if (signal.aborted) break;
        framesSent += action.isFrame ? 1 : 0;
        outputTokensSent = action.outputTokens ?? outputTokensSent;
        break;
      case "hang":
        await timers.sleep(hangMsMax, signal);
        break;
      case "cut":
        response.socket?.resetAndDestroy();
        return { outcome: "failed", framesSent, outputTokensSent };
      case "end":
        sendHead(delivery, response);
        response.end();
        hasEnded = true;
        break;
    }
    if (hasEnded) break;
  }
  const outcome = hasEnded ? "completed" : signal.aborted ? "aborted" : "failed";
  if (outcome === "failed") response.destroy();
  return { outcome, framesSent, outputTokensSent };
}

function sendHead(delivery: Delivery, response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(delivery.status, delivery.headers);
  response.flushHeaders();
}

/** Writes and waits until there is room for more; a client that leaves gives room, too. */
async function write(
  bytes: string | Uint8Array,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const isFlushed = response.write(bytes);
  if (isFlushed || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      response.off("drain", goOn).off("close", goOn);
      resolve();
    };
    response.on("drain", goOn).on("close", goOn);
  });
}
