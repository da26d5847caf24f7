import { AppError } from "#core/kernel/app-error.ts";
import type { ChatTransport, TransportOptions } from "#frameworks/transport/chat-transport.ts";
import type { RunContext } from "./run-context.ts";

/**
 * A way to the gateway for as many calls as the chain may make: each is counted, is a request of its own and ends with the
 * run.
 * @param place the step that the requests are written down under
 */
export function countedTransport(place: string, context: RunContext): ChatTransport {
  const open = ({ signal }: TransportOptions) => {
    if (context.signal.aborted) throw new AppError("client-closed", "The run is over");
    context.ledger.count(context.chain.definition.name);
    const ending = signal ? AbortSignal.any([signal, context.signal]) : context.signal;
    return { transport: context.request(place).transport, ending };
  };
  return {
    identity: "gateway",
    async complete(body, options) {
      const { transport, ending } = open(options);
      return transport.complete(body, { ...options, signal: ending });
    },
    async stream(body, options) {
      const { transport, ending } = open(options);
      return transport.stream(body, { ...options, signal: ending });
    },
  };
}
