import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import type { Timers } from "#core/kernel/timers.ts";
import type { LoadedConfiguration } from "../configuration.ts";
import { InvalidConfigurationError } from "./invalid-configuration-error.ts";
import type { ConfigurationPorts, ConfigurationService } from "./service.ts";
import type { StatusChange } from "./store.ts";

/** Under which the status has what the file was when it was last read. */
const statusKey = "configuration.file";

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
  /** Hash of the file's content when it was last read and valid. */
  #seen: string | undefined;
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
    const isInForce = service.inForce().version.version === this.#seen;
    return { path, state: isInForce ? "in-force" : "replaced" };
  }

  /**
   * Brings into force what the file says, or the newest version where the file has not changed since.
   * @throws AppError invalid-configuration, with every problem, when that cannot be in force; store-unavailable
   */
  async start(): Promise<void> {
    const { path, store, service, onEvent } = this.#parts;
    const text = await this.#parts.read();
    const loaded = this.#loaded(text, `start with configuration "${path}"`);
    const { version } = loaded.configuration;
    const seen = seenVersion((await store.status(statusKey))?.value);
    if (seen !== version) {
      await service.applyFile(text, loaded, this.#observation(version));
    } else {
      const inForce = await service.startWithNewest();
      await service.observe(this.#observation(version));
      const { version: hash, number, source } = inForce.version;
      if (hash !== version) onEvent({ kind: "configuration-file-replaced", file: path, number, source });
    }
    this.#seen = version;
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
    const { version } = loaded.configuration;
    const observation = this.#observation(version);
    if (version === this.#seen) await this.#parts.service.observe(observation);
    else await this.#parts.service.applyFile(text, loaded, observation);
    this.#seen = version;
    this.#problem = undefined;
  }

  /** Told once for as long as it is the same. */
  async #invalid(problem: string): Promise<void> {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#parts.onEvent({ kind: "configuration-file-invalid", file: this.#parts.path, problem });
    try {
      await this.#parts.service.observe(this.#observation(this.#seen ?? "", problem));
    } catch (thrown) {
      this.#storeFailed("observe", thrown);
    }
  }

  #observation(version: string, problem?: string): StatusChange {
    const value = { version, ...(problem !== undefined && { problem }) };
    return { key: statusKey, value, changedAtMs: this.#parts.clock.nowMs() };
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

function seenVersion(value: unknown): string | undefined {
  const version = isJsonObject(value) ? value["version"] : undefined;
  return typeof version === "string" ? version : undefined;
}
