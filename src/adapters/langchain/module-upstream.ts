import { randomUUID } from "node:crypto";
import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";
import { runModuleCode } from "#adapters/system/module-code.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { ModuleCall } from "./module-call.ts";
import { ModuleModels, type ModuleProvider } from "./module-model.ts";

/** How addresses of module providers begin. */
const scheme = "langchain://";

/** Where a chat call goes below a provider's address; embeddings and lists of models are no matter of a chat model. */
const chatPath = "/chat/completions";

/** Providers that are kept beyond those of the newest configuration: requests on an older one still ask theirs. */
const formerMax = 64;

/** Calls of one provider that go on although they were aborted, before no further one is begun. */
const abandonedMax = 64;

/** A loaded provider, and how many of its calls go on unheard. */
interface Loaded {
  readonly models: ModuleModels;
  abandoned: number;
}

/** The way to providers that are classes of modules, in this process; all other calls go on to `outside`. */
export class ModuleUpstream implements UpstreamPort {
  readonly #outside: UpstreamPort;
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #timers: Timers;
  /** By address; those prepared last are at the end. */
  readonly #loaded = new Map<string, Loaded>();

  constructor(
    outside: UpstreamPort,
    world: { readonly clock: Pick<Clock, "nowMs">; readonly timers: Timers },
  ) {
    this.#outside = outside;
    this.#clock = world.clock;
    this.#timers = world.timers;
  }

  /**
   * Loads the modules of a configuration before it is in force, so that no request waits for one.
   * @param folder what names of modules are resolved from
   * @throws AppError invalid-configuration
   */
  async prepare(providers: readonly ModuleProvider[], folder: string): Promise<void> {
    const loaded = await Promise.all(
      providers.map(async (provider): Promise<readonly [string, Loaded]> => {
        const known = this.#loaded.get(provider.address);
        if (!known)
          return [
            provider.address,
            { models: await ModuleModels.load(provider, folder, this.#timers), abandoned: 0 },
          ];
        // Deployments may ask it for other models than before.
        for (const model of provider.models) known.models.get(model, {});
        return [provider.address, known];
      }),
    );
    for (const [address, one] of loaded) {
      this.#loaded.delete(address);
      this.#loaded.set(address, one);
    }
    for (const address of this.#loaded.keys()) {
      if (this.#loaded.size <= providers.length + formerMax) break;
      this.#loaded.delete(address);
    }
  }

  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    if (!call.url.startsWith(scheme)) return this.#outside.send(call, listener);
    const end = call.url.indexOf("/", scheme.length);
    const loaded = this.#loaded.get(call.url.slice(0, end));
    const path = call.url.slice(end);
    if (!loaded) return answeredAtOnce(listener, 503, "The module of this provider is not loaded any more");
    // A probe asks whether the provider can be reached: one that is loaded can.
    if (call.method === "GET") return answeredAtOnce(listener, 200, "This module is loaded");
    if (path !== chatPath) return answeredAtOnce(listener, 404, "A LangChain chat model only chats");
    if (loaded.abandoned >= abandonedMax)
      return answeredAtOnce(
        listener,
        503,
        `${abandonedMax} calls of this module go on although they were aborted`,
      );
    return this.#call(loaded, call, listener);
  }

  #call(loaded: Loaded, { body }: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    const call = new ModuleCall(loaded.models, listener);
    let state: "running" | "abandoned" | "over" = "running";
    const facts = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(this.#clock.nowMs() / 1000) };
    const run = async (): Promise<void> => {
      await runModuleCode(loaded.models.module, () => call.run(textOf(body), facts));
      if (state === "abandoned") loaded.abandoned -= 1;
      state = "over";
    };
    void run();
    return {
      abort() {
        if (state === "running") {
          state = "abandoned";
          loaded.abandoned += 1;
        }
        call.abort();
      },
      pause: () => call.pause(),
      resume: () => call.resume(),
    };
  }
}

/** An answer that is there at once, though not before the caller has its handle. */
function answeredAtOnce(listener: UpstreamListener, status: number, message: string): UpstreamHandle {
  let isOver = false;
  queueMicrotask(() => {
    if (isOver) return;
    listener.sent();
    listener.started(status, { "content-type": "application/json" });
    if (isOver) return;
    const body =
      status === 200 ? { object: "list", data: [] } : { error: { type: "langchain_module", message } };
    listener.data(Buffer.from(JSON.stringify(body)));
    if (!isOver) listener.ended();
  });
  return {
    abort: () => (isOver = true),
    pause: () => undefined,
    resume: () => undefined,
  };
}

function textOf(body: UpstreamCall["body"]): string {
  if (typeof body === "string") return body;
  const bytes = body instanceof Uint8Array ? body : Buffer.concat(body);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
