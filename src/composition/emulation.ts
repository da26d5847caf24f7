import type { Configuration } from "#features/configuration/index.ts";
import { startEmulatorInWorker } from "#emulator/start-in-worker.ts";

/** How emulated providers are answered. */
export type EmulationOptions =
  /** By an emulator of our own, in a worker thread. */
  | { readonly kind: "own"; readonly latency: "realistic" | "zero"; readonly seed: string }
  /** By one that runs already. */
  | { readonly kind: "running"; readonly url: string };

/** What answers in place of providers without a key. */
export interface Emulation extends AsyncDisposable {
  /** Undefined when no provider is emulated. */
  readonly url: string | undefined;
}

/** Starts the emulator where the configuration asks for emulation, and only there (invariant 12). */
export async function startEmulation(
  configuration: Configuration,
  options: EmulationOptions,
): Promise<Emulation> {
  const wanted = [...configuration.providers.values()].some((provider) => provider.emulated);
  if (!wanted) return { url: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (options.kind === "running") return { url: options.url, [Symbol.asyncDispose]: () => Promise.resolve() };
  const { latency, seed } = options;
  const emulator = await startEmulatorInWorker({ latency, seed });
  return { url: emulator.url, [Symbol.asyncDispose]: () => emulator.close() };
}
