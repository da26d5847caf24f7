import { AppError } from "#core/kernel/app-error.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { toStorableText } from "#core/kernel/storable-text.ts";
import type { LoadedConfiguration } from "../configuration.ts";
import { InvalidConfigurationError } from "./invalid-configuration-error.ts";
import type { ConfigurationPorts, ConfigurationService } from "./service.ts";
import type { StatusChange } from "./store.ts";

/** Under which the status has the hash of the file when any process last read it and it was valid. */
const seenKey = "configuration.file";
/** Under which it has what is wrong with the file now; null where nothing is. */
const problemKey = "configuration.file.problem";

/** How long to wait after the store was away before the file is tried again, ms. */
export const fileRetryMs = 5_000;

/** How the file stands to what is in force. */
export interface FileState {
  readonly path: string;
  /** `replaced`: something newer was applied by a call. `invalid`: see the problem; what was in force stayed. */
  readonly state: "in-force" | "replaced" | "invalid";
  /** Every problem with its line; only of an invalid file. */
  readonly problem?: string;
}

/** What the file's keeper works with. */
export interface FileParts extends Pick<ConfigurationPorts, "store" | "load" | "clock" | "onEvent"> {
  readonly path: string;
  /** Reads the file. @throws AppError invalid-configuration */
  readonly read: () => Promise<string>;
  readonly service: ConfigurationService;
  readonly timers: Timers;
}

/**
 * The configuration file. What it says comes into force when it has changed since it was last read, by this process or
 * another one on the same store: at a start, and while running. Otherwise the newest version is in force, whoever applied
 * it: a restart does not undo what was applied by a call.
 */
export class ConfigurationFile {
  readonly #parts: FileParts;
  /** Hash of the file's content when this process last read it and it was valid. */
  #version: string | undefined;
  #problem: string | undefined;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: FileParts) {
    this.#parts = parts;
  }

  /** How the file stands now. */
  get state(): FileState {
    const { path, service } = this.#parts;
    if (this.#problem !== undefined) return { path, state: "invalid", problem: this.#problem };
    const isInForce = service.inForce().version.version === this.#version;
    return { path, state: isInForce ? "in-force" : "replaced" };
  }

  /**
   * Brings into force what the file says, or the newest version where the file has not changed since.
   * @throws AppError invalid-configuration, with every problem, when that cannot be in force; store-unavailable
   */
  async start(): Promise<void> {
    const { path, service, onEvent } = this.#parts;
    const text = await this.#parts.read();
    const loaded = this.#loaded(text, `start with configuration "${path}"`);
    const { version } = loaded.configuration;
    if ((await this.#status(seenKey)) !== version) {
      await service.applyFile(text, loaded, this.#observation(seenKey, version));
    } else {
      const { version: hash, number, source } = (await service.startWithNewest()).version;
      if (hash !== version) onEvent({ kind: "configuration-file-replaced", file: path, number, source });
    }
    this.#version = version;
    if (await this.#status(problemKey)) await service.observe(this.#observation(problemKey, null));
  }

  /** Looks at the file again. Never rejects: what is wrong with it is an event and part of the state. */
  changed(): Promise<void> {
    if (!this.#closed) this.#turn = this.#turn.then(() => this.#look());
    return this.#turn;
  }

  /** From now on changes do nothing; waits for what was begun. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }

  async #look(): Promise<void> {
    try {
      await this.#settle();
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === "invalid-configuration") {
        await this.#invalid(thrown.message);
        return;
      }
      this.#storeFailed("file", thrown);
      this.#parts.timers.after(fileRetryMs, () => void this.changed());
    }
  }

  async #settle(): Promise<void> {
    const text = await this.#parts.read();
    const loaded = this.#loaded(text, `apply configuration "${this.#parts.path}"`);
    const { service } = this.#parts;
    const { version } = loaded.configuration;
    // What another process has seen before is no change any more: something newer may have been applied since.
    if ((await this.#status(seenKey)) !== version)
      await service.applyFile(text, loaded, this.#observation(seenKey, version));
    this.#version = version;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    await service.observe(this.#observation(problemKey, null));
  }

  /** Told once for as long as it is the same. */
  async #invalid(problem: string): Promise<void> {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#parts.onEvent({ kind: "configuration-file-invalid", file: this.#parts.path, problem });
    try {
      await this.#parts.service.observe(this.#observation(problemKey, toStorableText(problem)));
    } catch (thrown) {
      this.#storeFailed("observe", thrown);
    }
  }

  async #status(key: string): Promise<Json | undefined> {
    return (await this.#parts.store.status(key))?.value;
  }

  #observation(key: string, value: string | null): StatusChange {
    return { key, value, changedAtMs: this.#parts.clock.nowMs() };
  }

  #loaded(text: string, action: string): LoadedConfiguration {
    const loaded = this.#parts.load(text);
    if (loaded.ok) return loaded.value;
    throw new InvalidConfigurationError(action, this.#parts.path, loaded.error);
  }

  #storeFailed(what: "file" | "observe", thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    this.#parts.onEvent({ kind: "configuration-store-failed", what, error });
  }
}
