import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings } from "#composition/load-settings.ts";
import { startSignalbox, type Signalbox } from "#composition/start-signalbox.ts";
import type { BreakerSettings } from "#core/resilience/breaker.ts";
import { readConfigurationFile } from "#features/configuration/index.ts";
import { startEmulatorInWorker, type WorkerEmulator } from "#emulator/start-in-worker.ts";
import type { AnswerKeys } from "#emulator/answers/known-answers.ts";
import type { Latency } from "#emulator/start-emulator.ts";

/** A Signalbox as `npm start` runs it, over an emulator in a thread of its own whose ledger can be read. */
export interface ProofSignalbox extends AsyncDisposable {
  readonly url: string;
  readonly emulator: WorkerEmulator;
}

/** How they differ from what `npm start` runs. */
export interface ProofOptions {
  readonly latency?: Latency;
  /** What emulated models know; nothing unless said otherwise. */
  readonly answerKeys?: AnswerKeys;
  /** The configuration, given the emulator's address; the repository's own unless said otherwise. */
  readonly configuration?: (emulatorUrl: string) => string;
  /** Variables that it names; none unless said otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A database on a server, which a proof can look into; an embedded one on disk unless said otherwise. */
  readonly databaseUrl?: string;
  /** Other breakers than the usual ones. */
  readonly breaker?: BreakerSettings;
}

/** Starts both, on an empty database; the emulator takes no time unless it is told to. */
export async function startProofSignalbox(options: ProofOptions = {}): Promise<ProofSignalbox> {
  await using stack = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(join(tmpdir(), "signalbox-proof-"));
  stack.defer(() => rm(dataDirectory, { recursive: true }));
  const { latency = "zero", answerKeys, databaseUrl } = options;
  const emulator = stack.use(await startEmulatorInWorker({ latency, ...(answerKeys && { answerKeys }) }));
  const signalbox: Signalbox = stack.use(
    await startSignalbox({
      host: "127.0.0.1",
      port: 0,
      configuration: {
        path: "signalbox.yaml",
        read: async () => options.configuration?.(emulator.url) ?? readConfigurationFile("signalbox.yaml"),
        load: (text) => loadSettings(text, (name) => options.environment?.[name]),
        watch: false,
      },
      database:
        databaseUrl === undefined
          ? { kind: "directory", dataDir: dataDirectory }
          : { kind: "url", databaseUrl },
      dataDirectory,
      adminKey: undefined,
      logLevel: "error",
      emulation: { kind: "running", url: emulator.url },
      ...(options.breaker && { breaker: options.breaker }),
    }),
  );
  const opened = stack.move();
  return { url: signalbox.url, emulator, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
