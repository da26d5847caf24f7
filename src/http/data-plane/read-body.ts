import type { IncomingMessage } from "node:http";
import { AppError } from "#core/kernel/app-error.ts";

/** Largest request body, bytes: Google takes 20 MB inline; base64 and the rest of the body need some more. */
export const requestBodyBytesMax = 32 * 1024 * 1024;

/**
 * Reads a request's body whole.
 * @throws AppError `payload-too-large` as soon as it is known; `client-closed` when the client goes away first
 */
export function readBody(request: IncomingMessage, bytesMax: number = requestBodyBytesMax): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > bytesMax) return Promise.reject(tooLarge(announced, bytesMax));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytesMax) {
        request.pause();
        reject(tooLarge(size, bytesMax));
        return;
      }
      chunks.push(chunk);
    });
    request.once("end", () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
    );
    request.once("error", (cause) => reject(clientClosed(cause)));
    request.once("close", () => reject(clientClosed()));
  });
}

function tooLarge(size: number, bytesMax: number): AppError {
  return new AppError(
    "payload-too-large",
    `Cannot read the request body: at most ${bytesMax} bytes are wanted, it has ${size} or more`,
  );
}

function clientClosed(cause?: unknown): AppError {
  return new AppError("client-closed", "Cannot read the request body: the client went away", { cause });
}
