import type { AnswerContext, ServedDialect } from "#core/dialects/dialect.ts";
import { partsOfResponse } from "#core/llm/parts-of-response.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import { translatingWriter } from "#features/gateway/frame-writer.ts";
import type { Framing } from "#features/gateway/framing.ts";

/** How the client wants its answer. */
interface Wanted {
  readonly dialect: ServedDialect;
  readonly client: ClientPort;
  readonly request: Pick<ChatRequest, "stream">;
  readonly framing: Framing;
  readonly context: AnswerContext;
}

/** Gives a kept answer as the client asked for one: in its dialect, in one piece or as a stream that ends at once. */
export function giveKeptAnswer(
  { dialect, client, request, framing, context }: Wanted,
  response: ChatResponse,
  headers: Readonly<Record<string, string>>,
): void {
  if (!request.stream) {
    const body = JSON.stringify(dialect.server.encodeResponse(response, context));
    client.start(200, {
      ...headers,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
    });
    return client.end(body);
  }
  const writer = translatingWriter(dialect.server, context);
  const payloads = [...writer.frame("", partsOfResponse(response)), ...writer.end()];
  client.start(200, { ...headers, "content-type": framing.contentType, "cache-control": "no-cache" });
  client.end(payloads.map((payload) => framing.frame(payload)).join("") + framing.close());
}
