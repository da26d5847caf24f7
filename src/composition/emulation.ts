import type { Configuration } from "#features/configuration/index.ts";
import { startEmulatorInWorker, type WorkerEmulator } from "#emulator/start-in-worker.ts";

/** How emulated providers are answered. */
export type EmulationOptions =
  /** By an emulator of our own, in a worker thread. */
  | { readonly kind: "own"; readonly latency: "realistic" | "zero"; readonly seed: string }
  /** By one that runs already. */
  | { readonly kind: "running"; readonly url: string };

/** What answers in place of providers without a key; it starts when a configuration first asks for it, and only then. */
export class Emulation implements AsyncDisposable {
  readonly #options: EmulationOptions;
  #starting: Promise<WorkerEmulator> | undefined;
  #url: string | undefined;

  constructor(options: EmulationOptions) {
    this.#options = options;
  }

  /** Where the emulator listens; undefined while no configuration has asked for it. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Starts the emulator if this configuration asks for emulation (invariant 12). It runs on for requests under way. */
  async prepare(configuration: Configuration): Promise<void> {
    if (this.#url !== undefined || !asksForEmulation(configuration)) return;
    if (this.#options.kind === "running") {
      this.#url = this.#options.url;
      return;
    }
    const { latency, seed } = this.#options;
    this.#starting ??= startEmulatorInWorker({ latency, seed });
    try {
      this.#url = (await this.#starting).url;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const emulator = await this.#starting;
    await emulator?.close();
  }
}

/** Whether the emulator answers in place of any provider. */
export function asksForEmulation(configuration: Configuration): boolean {
  return [...configuration.providers.values()].some((provider) => provider.emulated);
}
