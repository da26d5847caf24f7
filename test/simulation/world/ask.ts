import type { Json } from "#core/kernel/json.ts";
import { dialects } from "#composition/dialects.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import {
  jsonArrayFraming,
  namedSseFraming,
  sseFraming,
  type Arrival,
  type Framing,
  type Gateway,
} from "#features/gateway/index.ts";
import type { RequestTrace } from "../history.ts";
import { routeName } from "./configuration.ts";
import type { RequestPlan } from "./scenario.ts";
import type { SimulatedClient } from "./simulated-client.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** Sends a request to the gateway as the data plane does: read from the bytes of its dialect. */
export function ask(
  gateway: Gateway,
  asked: { readonly trace: RequestTrace; readonly client: SimulatedClient; readonly time: VirtualTime },
): Promise<void> {
  const { trace, client, time } = asked;
  const { dialect: name, stream, number, conversation, deadlineMs } = trace.plan;
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
  const body = Buffer.from(text);
  return gateway.chat(arrival, { request: request.value, body, framing: framingOf(trace.plan) }, client);
}

/** Tokens that clients allow for an answer, where their dialect wants a bound: more than any has. */
const answerTokensMax = 1_000;

function bodyOf({ plan: { dialect, stream, number } }: RequestTrace): object {
  const text = `Please serve request #${number}`;
  const messages = [{ role: "user", content: text }];
  const bodies: Readonly<Record<DialectName, object>> = {
    gemini: { contents: [{ role: "user", parts: [{ text }] }] },
    "openai-chat": { model: routeName, stream, messages },
    anthropic: { model: routeName, stream, messages, max_tokens: answerTokensMax },
    "openai-responses": { model: routeName, stream, input: text },
  };
  return bodies[dialect];
}

/** As the data plane frames for clients of each dialect. */
function framingOf({ dialect, jsonArray }: RequestPlan): Framing {
  if (jsonArray) return jsonArrayFraming();
  return dialect === "anthropic" || dialect === "openai-responses" ? namedSseFraming() : sseFraming();
}
