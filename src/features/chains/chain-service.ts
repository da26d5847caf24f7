import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { Principal } from "#features/access/index.ts";
import type { Arrival, Gateway } from "#features/gateway/index.ts";
import type { ReplyHeaders } from "#frameworks/transport/chat-transport.ts";
import { routedMetadata } from "#frameworks/transport/routed-metadata.ts";
import { SignalboxError } from "#frameworks/transport/signalbox-error.ts";
import type { ChainDefinition } from "./chain.ts";
import type { ChainEvent, ChainStream } from "./chain-events.ts";
import { readInput } from "./chain-input.ts";
import { gatewayTransport } from "./gateway-transport.ts";
import type { ChainResult, ChainRun } from "./run-chain.ts";
import type { ChainAnswer, ChainList } from "./schema.ts";

/** What chains need of the world. */
export interface ChainPorts {
  readonly gateway: Pick<Gateway, "chat">;
  readonly clock: Clock;
  readonly random: Random;
  /** The route that the configuration in force names for a chain. */
  readonly configuredRoute: (chain: string) => string | undefined;
  /** Whether a route, model or deployment has that name now. */
  readonly resolves: (name: string) => boolean;
}

/** One call of a chain. */
export interface ChainCall {
  readonly chain: string;
  /** Not validated yet. */
  readonly input: unknown;
  /** Aborted when the client goes away: the upstream call is then cancelled. */
  readonly signal?: AbortSignal;
  /** The id of the request; a new one when absent. */
  readonly requestId?: string;
  /** Who sent it, as access admitted it. */
  readonly principal?: Principal;
  readonly tags?: Readonly<Record<string, string>>;
  /** How long the client waits at most, ms. */
  readonly deadlineMs?: number;
}

/** A run that is over. */
export interface ChainReply {
  /** Headers that belong on the answer: how the request was routed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: ChainAnswer;
}

/** The route a chain asks when none is configured for it. */
const routeDefault = "chat";

/** Serves chains. */
export class ChainService {
  readonly #ports: ChainPorts;
  readonly #chains: ReadonlyMap<string, ChainDefinition>;

  constructor(ports: ChainPorts, definitions: readonly ChainDefinition[]) {
    this.#ports = ports;
    this.#chains = new Map(definitions.map((definition) => [definition.name, definition]));
  }

  /** What the chains are made of. */
  get definitions(): readonly ChainDefinition[] {
    return [...this.#chains.values()];
  }

  /** All chains with what they take, by name. */
  list(): ChainList {
    const chains = [...this.#chains.values()].map((definition) => this.#view(definition));
    return { chains: chains.toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
  }

  /**
   * Runs a chain to its end.
   * @throws AppError: not-found, invalid-request, client-closed, or what the gateway says failed
   */
  async invoke(call: ChainCall): Promise<ChainReply> {
    const prepared = this.#prepare(call);
    try {
      const { invokeChain } = await import("./run-chain.ts");
      const result = await invokeChain(prepared.run);
      const headers = prepared.headers();
      return { headers: signalboxHeaders(headers), answer: answerOf(result, headers) };
    } catch (error) {
      throw failureOf(error, prepared.run);
    }
  }

  /**
   * Starts a chain; resolves when there is something to show, so that a failure before that is an ordinary error.
   * The events must be read to their end, or `call.signal` aborted.
   * @throws AppError as `invoke` does, also from the events
   */
  async stream(call: ChainCall): Promise<ChainStream> {
    const prepared = this.#prepare(call);
    try {
      const { streamChain } = await import("./run-chain.ts");
      const pieces = streamChain(prepared.run);
      const first = await pieces.next();
      const events = eventsOf(first, pieces, prepared);
      return { requestId: prepared.requestId, headers: signalboxHeaders(prepared.headers()), events };
    } catch (error) {
      throw failureOf(error, prepared.run);
    }
  }

  #view(definition: ChainDefinition): ChainList["chains"][number] {
    const { name, description, variables, output } = definition;
    return {
      name,
      description,
      route: this.#routeOf(definition),
      variables: variables.map((variable) => ({
        name: variable.name,
        description: variable.description,
        required: variable.valueDefault === undefined,
        ...(variable.valueDefault !== undefined && { default: variable.valueDefault }),
        length_max: variable.lengthMax,
        example: variable.example,
      })),
      output: output.type,
    };
  }

  #routeOf({ name, modelDefault }: ChainDefinition): string {
    const { configuredRoute, resolves } = this.#ports;
    return configuredRoute(name) ?? (resolves(routeDefault) ? routeDefault : modelDefault);
  }

  #prepare(call: ChainCall): PreparedRun {
    const definition = this.#chains.get(call.chain);
    if (!definition) throw unknownChain(call.chain, [...this.#chains.keys()]);
    const arrival = this.#arrival(call);
    let headers: ReplyHeaders = {};
    const transport = gatewayTransport({
      gateway: this.#ports.gateway,
      arrival,
      answered: (received) => (headers = received),
    });
    const input = readInput(definition, call.input);
    const run = { definition, input, route: this.#routeOf(definition), transport, signal: call.signal };
    return { run, requestId: arrival.requestId, headers: () => headers };
  }

  #arrival(call: ChainCall): Omit<Arrival, "dialect"> {
    const { clock, random } = this.#ports;
    const startedAtMs = clock.nowMs();
    return {
      requestId: call.requestId ?? requestId(startedAtMs, random.bytes(10)),
      startedAtMs,
      startedMs: clock.monotonicMs(),
      queueMs: 0,
      tags: { ...call.tags, chain: call.chain },
      ...(call.principal && { principal: call.principal }),
      ...(call.deadlineMs !== undefined && { deadlineMs: call.deadlineMs }),
    };
  }
}

interface PreparedRun {
  readonly run: ChainRun;
  readonly requestId: string;
  /** Headers of the gateway's answer; empty before there is one. */
  readonly headers: () => ReplyHeaders;
}

async function* eventsOf(
  first: IteratorResult<string, ChainResult>,
  pieces: AsyncGenerator<string, ChainResult>,
  { run, headers }: PreparedRun,
): AsyncGenerator<ChainEvent> {
  try {
    let next = first;
    while (!next.done) {
      yield { type: "chunk", text: next.value };
      next = await pieces.next();
    }
    yield { type: "end", answer: answerOf(next.value, headers()) };
  } catch (error) {
    throw failureOf(error, run);
  } finally {
    await pieces.return({ output: null });
  }
}

function answerOf(result: ChainResult, headers: ReplyHeaders): ChainAnswer {
  const { request_id = "", route = "", variant = "", deployment = "" } = routedMetadata(headers);
  const { output, usage } = result;
  return { output, request_id, route, variant, deployment, ...(usage && { usage }) };
}

/** The headers of ours, to be sent on: what belongs to the answer's body is left out. */
function signalboxHeaders(headers: ReplyHeaders): ReplyHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(?:x-|server-timing$)/.test(name)));
}

/** What went wrong, as one of our own errors. Whatever is none is a mistake of ours and rises as it is. */
function failureOf(error: unknown, { definition, signal }: ChainRun): unknown {
  if (error instanceof AppError) return error;
  if (signal?.aborted) return new AppError("client-closed", "The client went away");
  if (error instanceof SignalboxError) {
    const message = `Cannot run chain "${definition.name}": ${error.message}`;
    return new AppError("upstream-failed", message, { retryable: true, cause: error });
  }
  return error;
}

function unknownChain(name: string, known: readonly string[]): AppError {
  const names = known.map((one) => `"${one}"`).join(", ");
  return new AppError(
    "not-found",
    `Cannot find chain "${name.slice(0, 80)}": no chain has that name, only ${names}`,
  );
}
