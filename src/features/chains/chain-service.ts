import type { ChainDefinition, ConfiguredChain } from "#core/chains/chain-definition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { assert } from "#core/kernel/assert.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Random } from "#core/kernel/random.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { Principal } from "#features/access/index.ts";
import type { ConfiguredPrompt } from "#features/configuration/index.ts";
import type { Arrival, Gateway } from "#features/gateway/index.ts";
import type { RequestCost } from "#features/traffic/index.ts";
import type { ReplyHeaders } from "#frameworks/transport/chat-transport.ts";
import { SignalboxError } from "#frameworks/transport/signalbox-error.ts";
import type { ChainEvent, ChainStream } from "./chain-events.ts";
import { readInput } from "./chain-input.ts";
import { givesText, listed } from "./chain-view.ts";
import type { ChainModules } from "./chain-modules.ts";
import { ChainShelf } from "./chain-shelf.ts";
import { promptOf } from "./chain-prompt.ts";
import { chainUsage } from "./run/chain-usage.ts";
import { answerOf, signalboxHeaders } from "./chain-answer.ts";
import { gatewayTransport } from "./gateway-transport.ts";
import type { ChainRun } from "./run-chain.ts";
import { inParallel } from "./run/in-parallel.ts";
import type { AnswerOutcome, RunEvent, RunnableChain } from "./run/run-context.ts";
import { RunLedger } from "./run/run-ledger.ts";
import type { ChainAnswer, ChainBatchAnswer, ChainList } from "./schema.ts";

/** What chains need of the world. */
export interface ChainPorts {
  readonly gateway: Pick<Gateway, "chat">;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** The route that the configuration in force names for a chain. */
  readonly configuredRoute: (chain: string) => string | undefined;
  /** Whether a route, model or deployment has that name now. */
  readonly resolves: (name: string) => boolean;
  /** The chains that the configuration in force brings; none when absent. */
  readonly configured?: () => ReadonlyMap<string, ConfiguredChain>;
  /** The modules of the configuration's chains; none when absent. */
  readonly modules?: Pick<ChainModules, "with">;
  /** The prompts of the configuration in force; none when absent. */
  readonly prompts?: () => ReadonlyMap<string, ConfiguredPrompt>;
  /** What a request cost, once it is over. */
  readonly costOf?: (requestId: string) => RequestCost | undefined;
  /** Hears how each answer came out that has a form. */
  readonly answered?: (event: { chain: string; variant: string; outcome: AnswerOutcome }) => void;
}

/** One call of a chain. */
export interface ChainCall {
  /** Its name, and after an `@` the version where it is not the one that is served by default. */
  readonly chain: string;
  /** Not validated yet. */
  readonly input: unknown;
  /** Aborted when the client goes away: whatever is under way is then cancelled. */
  readonly signal?: AbortSignal;
  /** The id of the request; a new one when absent. */
  readonly requestId?: string;
  /** Who sent it, as access admitted it. */
  readonly principal?: Principal;
  readonly tags?: Readonly<Record<string, string>>;
  /** How long the client waits at most, ms. */
  readonly deadlineMs?: number;
  /** Called when the first request of the run is made: from then on the log tells of it. */
  readonly whenAsking?: () => void;
}

/** A run that is over. */
export interface ChainReply {
  /** Headers that belong on the answer: how the request was routed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: ChainAnswer;
}

/** Labels of a run's requests in the log: so all of a run are found by the id of its call, and all of a step. */
const chainTags = { chain: "chain", version: "chain_version", run: "chain_run", step: "chain_step" } as const;

/** Runs of a batch at once. */
const batchAtOnceMax = 4;

/** Serves chains. */
export class ChainService {
  readonly #ports: ChainPorts;
  readonly #shelf: ChainShelf;

  constructor(ports: ChainPorts, definitions: readonly ChainDefinition[]) {
    this.#ports = ports;
    this.#shelf = new ChainShelf(ports, definitions);
  }

  /** What the chains are made of that are served by default. */
  get definitions(): readonly ChainDefinition[] {
    return this.#shelf.served;
  }

  /** What `name` or `name@version` is made of. @throws AppError not-found */
  definition(name: string): ChainDefinition {
    return this.#shelf.find(name).definition;
  }

  /** All chains with what they take, by name. */
  list(): ChainList {
    return listed(this.#shelf);
  }

  /**
   * Runs a chain to its end.
   * @throws AppError: not-found, invalid-request, unparsable-answer, limit-exceeded, client-closed, or what the gateway
   *   says failed
   */
  async invoke(call: ChainCall): Promise<ChainReply> {
    const prepared = this.#prepare(call);
    try {
      const { invokeChain } = await import("./run-chain.ts");
      const output = await invokeChain(prepared.run);
      return { headers: prepared.headers(), answer: answerOf(output, prepared) };
    } catch (error) {
      throw failureOf(error, prepared);
    }
  }

  /**
   * Runs a chain for each input, some at once. One that fails leaves the others alone.
   * @returns an answer or what failed, in the order of the inputs
   * @throws AppError not-found; invalid-request when an input is not as wanted: then none is run
   */
  async batch(call: Omit<ChainCall, "input">, inputs: readonly unknown[]): Promise<ChainBatchAnswer> {
    const { definition } = this.#shelf.find(call.chain);
    for (const input of inputs) readInput(definition, input);
    const signal = call.signal ?? new AbortController().signal;
    const { requestId: _own, ...shared } = call;
    const items = await inParallel(inputs, { concurrency: batchAtOnceMax, signal }, async (input) => {
      try {
        const { answer } = await this.invoke({ ...shared, input });
        return answer;
      } catch (error) {
        if (!(error instanceof AppError) || signal.aborted) throw error;
        const { code, message, retryable } = error;
        return { error: { code, message, retryable } };
      }
    });
    return { output: items.map((item) => ("error" in item ? null : item.output)), items: [...items] };
  }

  /**
   * Starts a chain; resolves when there is something to show, so that a failure before that is an ordinary error.
   * The events must be read to their end, or `call.signal` aborted.
   * @param options.tellsSteps whether each step is an event, too
   * @throws AppError as `invoke` does, also from the events
   */
  async stream(
    call: ChainCall,
    options: { readonly tellsSteps: boolean } = { tellsSteps: false },
  ): Promise<ChainStream> {
    const prepared = this.#prepare(call);
    try {
      const { streamChain } = await import("./run-chain.ts");
      const pieces = streamChain(prepared.run, options);
      const first = await pieces.next();
      const events = eventsOf(first, pieces, prepared);
      const isText = givesText(prepared.chain.definition.steps);
      return { requestId: prepared.requestId, headers: prepared.headers(), events, isText };
    } catch (error) {
      throw failureOf(error, prepared);
    }
  }

  #prepare(call: ChainCall): PreparedRun {
    const chain = this.#shelf.find(call.chain);
    const input = readInput(chain.definition, call.input);
    const { clock, timers } = this.#ports;
    const { limits, name } = chain.definition;
    const arrival = this.#arrival(call, chain.definition);
    const prompts = this.#ports.prompts?.() ?? new Map<string, ConfiguredPrompt>();
    const stopping = new AbortController();
    let isLate = false;
    const timer = timers.after(limits.deadlineMs, () => {
      isLate = true;
      stopping.abort();
    });
    const signal = call.signal ? AbortSignal.any([call.signal, stopping.signal]) : stopping.signal;
    const ledger = new RunLedger(limits.callsMax, (id) => this.#ports.costOf?.(id));
    let made = 0;
    const run: ChainRun = {
      input,
      stop: () => {
        timer.cancel();
        stopping.abort();
      },
      context: {
        chain,
        signal,
        ledger,
        depth: 0,
        place: "",
        nowMs: () => clock.monotonicMs(),
        other: (wanted) => this.#shelf.find(wanted),
        withModule: (step, work) => {
          const { modules } = this.#ports;
          assert(modules !== undefined, "chains of modules are only where modules are loaded");
          return modules.with(step, work);
        },
        prompt: (reference) => promptOf(reference, prompts),
        readInput,
        answered: (event) => this.#ports.answered?.(event),
        request: (step) => {
          if (made === 0) call.whenAsking?.();
          const id = made++ === 0 ? arrival.requestId : this.#newId();
          const deadline = deadlineLeft(name, call.deadlineMs, clock.monotonicMs() - arrival.startedMs);
          const entry = ledger.opened(step, id);
          const transport = gatewayTransport({
            gateway: this.#ports.gateway,
            arrival: {
              ...arrival,
              ...this.#moment(),
              requestId: id,
              tags: { ...arrival.tags, [chainTags.step]: step },
              ...deadline,
            },
            answered: (headers) => (entry.headers = headers),
            used: (usage) => (entry.usage = chainUsage(usage)),
          });
          return { transport, entry };
        },
      },
    };
    const headers = () => signalboxHeaders(ledger, arrival.requestId);
    const { requestId } = arrival;
    return { run, chain, ledger, requestId, headers, callerSignal: call.signal, isLate: () => isLate };
  }

  #arrival(call: ChainCall, { name, version }: ChainDefinition): Omit<Arrival, "dialect"> {
    const runId = call.requestId ?? this.#newId();
    const own = {
      [chainTags.chain]: name,
      [chainTags.version]: String(version),
      [chainTags.run]: runId,
    };
    return {
      requestId: runId,
      ...this.#moment(),
      queueMs: 0,
      tags: { ...call.tags, ...own },
      ...(call.principal && { principal: call.principal }),
    };
  }

  #moment(): Pick<Arrival, "startedAtMs" | "startedMs"> {
    const { clock } = this.#ports;
    return { startedAtMs: clock.nowMs(), startedMs: clock.monotonicMs() };
  }

  #newId(): string {
    const { clock, random } = this.#ports;
    return requestId(clock.nowMs(), random.bytes(10));
  }
}

interface PreparedRun {
  readonly run: ChainRun;
  readonly chain: RunnableChain;
  readonly ledger: RunLedger;
  readonly requestId: string;
  /** Headers of the answer; empty before the gateway gave one. */
  readonly headers: () => ReplyHeaders;
  readonly callerSignal: AbortSignal | undefined;
  /** Whether the chain's own deadline ended the run. */
  readonly isLate: () => boolean;
}

async function* eventsOf(
  first: IteratorResult<RunEvent, Json>,
  pieces: AsyncGenerator<RunEvent, Json>,
  prepared: PreparedRun,
): AsyncGenerator<ChainEvent> {
  try {
    let next = first;
    while (!next.done) {
      yield eventOf(next.value, prepared);
      next = await pieces.next();
    }
    yield { type: "end", answer: answerOf(next.value, prepared) };
  } catch (error) {
    throw failureOf(error, prepared);
  } finally {
    await pieces.return(null);
  }
}

/** An event as it is told: the end of a step with the requests that it made, and what they used and cost. */
function eventOf(event: RunEvent, { ledger }: PreparedRun): ChainEvent {
  switch (event.type) {
    case "step-start": {
      const { inputLength, ...told } = event;
      return { ...told, input_length: inputLength };
    }
    case "step-end": {
      const { outputLength, ...told } = event;
      return {
        ...told,
        ...(outputLength !== undefined && { output_length: outputLength }),
        ...ledger.totalsOf(event.step),
        requests: [...ledger.requestsOf(event.step)],
      };
    }
    default:
      return event;
  }
}

/** What went wrong, as one of our own errors. Whatever is none is a mistake of ours and rises as it is. */
function failureOf(error: unknown, { chain, callerSignal, isLate }: PreparedRun): unknown {
  if (callerSignal?.aborted) return new AppError("client-closed", "The client went away");
  if (isLate()) return tooLate(chain.definition.name, chain.definition.limits.deadlineMs);
  if (error instanceof AppError) return error;
  if (error instanceof SignalboxError) {
    const message = `Cannot run chain "${chain.definition.name}": ${error.message}`;
    return new AppError("upstream-failed", message, { retryable: true, cause: error });
  }
  return error;
}

/** What is left of the time that the client waits, for one more request. Without such a time a route's own count alone. */
function deadlineLeft(
  name: string,
  deadlineMs: number | undefined,
  spentMs: number,
): { readonly deadlineMs?: number } {
  if (deadlineMs === undefined) return {};
  if (spentMs >= deadlineMs) throw tooLate(name, deadlineMs);
  return { deadlineMs: deadlineMs - spentMs };
}

function tooLate(name: string, deadlineMs: number): AppError {
  return new AppError(
    "upstream-timeout",
    `Cannot end chain "${name}": it is wanted within ${deadlineMs} ms, which have passed`,
    { retryable: true },
  );
}
