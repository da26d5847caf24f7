import type { ErrorForClient } from "#core/dialects/dialect.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import { requestIdHeaders } from "#features/gateway/request-id-headers.ts";

/** Answers with an error, in the client's dialect. */
export function sendError(
  arrival: Arrival,
  error: ErrorForClient,
  client: ClientPort,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(arrival.dialect.server.encodeError(error));
  client.start(error.status, {
    "content-type": "application/json; charset=utf-8",
    ...requestIdHeaders(arrival.requestId, arrival.dialect),
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
    ...(error.retryAfterMs !== undefined && {
      "retry-after": String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))),
    }),
  });
  client.end(body);
}
