import type { IncomingMessage } from "node:http";
import { AppError } from "#core/kernel/app-error.ts";
import { BodyRoom } from "#http/data-plane/body-room.ts";
import type { ByteLease } from "#http/data-plane/byte-budget.ts";

/** Largest request body, bytes: Google takes 20 MB inline; base64 and the rest of the body need some more. */
export const requestBodyBytesMax = 32 * 1024 * 1024;

/**
 * Reads a request's body whole.
 * @param lease what the body's bytes are taken from; released by the caller when the body is needed no more
 * @throws AppError `payload-too-large` as soon as it is known; `overloaded` when all bodies together are too much;
 *   `client-closed` when the client goes away first
 */
export function readBody(
  request: IncomingMessage,
  lease: ByteLease,
  bytesMax: number = requestBodyBytesMax,
): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > bytesMax) return Promise.reject(tooLarge(announced, bytesMax));
  return new Promise((resolve, reject) => {
    const room = new BodyRoom(announced);
    let size = 0;
    let isWhole = false;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= bytesMax && lease.take(chunk.length)) {
        room.add(chunk);
        return;
      }
      request.off("data", take).pause();
      reject(size > bytesMax ? tooLarge(size, bytesMax) : tooManyAtOnce());
    };
    request.on("data", take);
    // `on`, although each happens once: `once` wraps its listener in two more functions.
    request.on("end", () => {
      isWhole = true;
      resolve(room.bytes());
    });
    request.on("error", (cause) => reject(clientClosed(cause)));
    request.on("close", () => {
      // Every request closes: an error made for each, with its stack, costs 3 % of a small one.
      if (!isWhole) reject(clientClosed());
    });
  });
}

function tooLarge(size: number, bytesMax: number): AppError {
  return new AppError(
    "payload-too-large",
    `Cannot read the request body: at most ${bytesMax} bytes are wanted, it has ${size} or more`,
  );
}

function tooManyAtOnce(): AppError {
  return new AppError(
    "overloaded",
    "Cannot read the request body: memory for one more is wanted, others under way hold it",
    { retryable: true },
  );
}

function clientClosed(cause?: unknown): AppError {
  return new AppError("client-closed", "Cannot read the request body: the client went away", { cause });
}
