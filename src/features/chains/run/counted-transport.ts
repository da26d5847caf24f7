import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { ChatTransport, TransportOptions } from "#frameworks/transport/chat-transport.ts";
import type { ChainUsage } from "#features/chains/schema.ts";
import type { RunContext } from "./run-context.ts";
import type { LedgerEntry } from "./run-ledger.ts";

/**
 * A way to the gateway for as many calls as the chain may make: each is counted, is a request of its own and ends with the
 * run. What it used is read from its answer.
 * @param place the step that the requests are written down under
 */
export function countedTransport(place: string, context: RunContext): ChatTransport {
  const open = ({ signal }: TransportOptions) => {
    if (context.signal.aborted) throw new AppError("client-closed", "The run is over");
    context.ledger.count(context.chain.definition.name);
    const ending = signal ? AbortSignal.any([signal, context.signal]) : context.signal;
    return { ...context.request(place, ending), ending };
  };
  return {
    identity: "gateway",
    async complete(body, options) {
      const { transport, entry, ending } = open(options);
      const reply = await transport.complete(body, { ...options, signal: ending });
      noteUsage(entry, reply.body["usage"]);
      return reply;
    },
    async stream(body, options) {
      const { transport, entry, ending } = open(options);
      const reply = await transport.stream(body, { ...options, signal: ending });
      return { ...reply, chunks: noted(reply.chunks, entry) };
    },
  };
}

async function* noted(chunks: AsyncIterable<JsonObject>, entry: LedgerEntry): AsyncGenerator<JsonObject> {
  for await (const chunk of chunks) {
    noteUsage(entry, chunk["usage"]);
    yield chunk;
  }
}

function noteUsage(entry: LedgerEntry, usage: Json | undefined): void {
  if (isJsonObject(usage)) entry.usage = chainUsage(usage);
}

/** OpenAI's usage, as the gateway writes it, in the words of chains. */
function chainUsage(usage: JsonObject): ChainUsage {
  return {
    input_tokens: tokens(usage, "prompt_tokens"),
    cached_input_tokens: tokens(usage["prompt_tokens_details"], "cached_tokens"),
    output_tokens: tokens(usage, "completion_tokens"),
    thinking_tokens: tokens(usage["completion_tokens_details"], "reasoning_tokens"),
    total_tokens: tokens(usage, "total_tokens"),
  };
}

function tokens(of: Json | undefined, name: string): number {
  const count = isJsonObject(of) ? of[name] : undefined;
  return typeof count === "number" ? count : 0;
}
