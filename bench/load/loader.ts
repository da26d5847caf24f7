import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startProcess, type StartedProcess } from "../process/start-process.ts";
import type { LoadMessage, LoadOrder, LoadReply, LoadResult } from "./load-order.ts";

const script = fileURLToPath(new URL("load-process.ts", import.meta.url));

/** A load process, seen from the one that measures. */
export class Loader implements AsyncDisposable {
  readonly #process: StartedProcess;

  private constructor(started: StartedProcess) {
    this.#process = started;
  }

  static async start(): Promise<Loader> {
    return new Loader(await startProcess(script));
  }

  /**
   * Opens the connections of an order; the function it gives begins to measure.
   * @throws Error when a connection got no good answer (both)
   */
  async prepare(order: LoadOrder): Promise<() => Promise<LoadResult>> {
    await this.#ask({ kind: "order", order }, "ready");
    return async () => (await this.#ask({ kind: "go" }, "result")).result;
  }

  /** Carries out an order, its connections opened before. */
  async run(order: LoadOrder): Promise<LoadResult> {
    const measure = await this.prepare(order);
    return measure();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  async #ask<Kind extends LoadReply["kind"]>(
    message: LoadMessage,
    kind: Kind,
  ): Promise<Extract<LoadReply, { readonly kind: Kind }>> {
    const { child } = this.#process;
    const replied = once(child, "message");
    child.send(message);
    // What a load process sends is a LoadReply: both ends are ours.
    const [reply] = (await replied) as [LoadReply];
    if (reply.kind === kind) return reply as Extract<LoadReply, { readonly kind: Kind }>;
    throw new Error(
      reply.kind === "failed" ? reply.reason : `Cannot measure: "${kind}" is wanted, got "${reply.kind}"`,
    );
  }
}
