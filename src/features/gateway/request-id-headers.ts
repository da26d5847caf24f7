import type { ServedDialect } from "#core/dialects/dialect.ts";

/** The headers that tell the id of a request: ours, the usual one, and the one where the client's dialect looks. */
export function requestIdHeaders(
  requestId: string,
  { server }: Pick<ServedDialect, "server">,
): Record<string, string> {
  const headers: Record<string, string> = {
    "x-signalbox-request-id": requestId,
    "x-request-id": requestId,
  };
  if (server.requestIdHeader !== undefined) headers[server.requestIdHeader] = requestId;
  return headers;
}
