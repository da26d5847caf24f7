import type { Json } from "#core/kernel/json.ts";
import { jsonArrayFraming, sseFraming, type Arrival, type Gateway } from "#features/gateway/index.ts";
import type { RequestTrace } from "../history.ts";
import { dialects, routeName } from "./configuration.ts";
import type { SimulatedClient } from "./simulated-client.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Sends a request to the gateway as the data plane does: read from the bytes of its dialect. */
export function ask(
  gateway: Gateway,
  asked: { readonly trace: RequestTrace; readonly client: SimulatedClient; readonly time: VirtualTime },
): Promise<void> {
  const { trace, client, time } = asked;
  const { dialect: name, stream, jsonArray, number, conversation, deadlineMs } = trace.plan;
  const dialect = dialects[name];
  const text = JSON.stringify(bodyOf(trace));
  // JSON.parse answers `any`; what it gives is JSON by definition.
  const request = dialect.server.decodeRequest(
    JSON.parse(text) as Json,
    name === "gemini" ? { model: routeName, stream } : {},
  );
  if (!request.ok) throw new Error(`Cannot read request ${number}: ${request.error.message}`);
  const arrival: Arrival = {
    requestId: trace.id,
    startedAtMs: time.nowMs(),
    startedMs: time.monotonicMs(),
    queueMs: 0,
    dialect,
    tags: {},
    unit: `unit-${number}`,
    ...(conversation !== undefined && { conversation }),
    ...(deadlineMs !== undefined && { deadlineMs }),
  };
  const framing = jsonArray ? jsonArrayFraming() : sseFraming();
  return gateway.chat(arrival, { request: request.value, body: Buffer.from(text), framing }, client);
}

function bodyOf({ plan: { dialect, stream, number } }: RequestTrace): object {
  const text = `Please serve request #${number}`;
  return dialect === "gemini"
    ? { contents: [{ role: "user", parts: [{ text }] }] }
    : { model: routeName, stream, messages: [{ role: "user", content: text }] };
}
