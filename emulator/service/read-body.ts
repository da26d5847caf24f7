import type { IncomingMessage } from "node:http";
import { ApiFailure } from "../api-failure.ts";

/** The most bytes a request may have; the Gemini API's own limit for requests with inline data. */
const requestBytesMax = 20_971_520;

/** The body of a request as text, or the failure that it is answered with. Ends early when the client leaves. */
export async function readBody(request: IncomingMessage, signal: AbortSignal): Promise<string | ApiFailure> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      // The rest is read and dropped, so that the client gets to see the answer.
      if (size <= requestBytesMax) chunks.push(bytes);
    }
  } catch (error) {
    if (signal.aborted || request.destroyed)
      return new ApiFailure(499, "The client left before its request was read.");
    throw error;
  }
  if (size > requestBytesMax) {
    return new ApiFailure(400, `Request payload size exceeds the limit: ${requestBytesMax} bytes.`);
  }
  return decoded(Buffer.concat(chunks));
}

function decoded(bytes: Buffer): string | ApiFailure {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Said to the client; the bytes themselves are nobody's business.
    return new ApiFailure(400, "Invalid JSON payload received. Request body is not valid UTF-8.");
  }
}
