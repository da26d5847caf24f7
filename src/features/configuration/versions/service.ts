import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { Turns } from "#core/kernel/turns.ts";
import type { Result } from "#core/kernel/result.ts";
import type { LoadedConfiguration } from "../configuration.ts";
import type { ConfigurationChange } from "../plan/change.ts";
import { changedPrompts } from "../plan/changed-prompts.ts";
import { planConfiguration, writtenChanges } from "../plan/plan-configuration.ts";
import type { ConfigurationProblem } from "../problem.ts";
import { writtenOf } from "../written-of.ts";
import { changesTold, type ConfigurationEvent } from "./configuration-event.ts";
import { versionText, type ConfigurationVersion, type NewVersion } from "./configuration-version.ts";
import type { InForce } from "./in-force.ts";
import { InvalidConfigurationError } from "./invalid-configuration-error.ts";
import type { ConfigurationStore, StatusChange, VersionSummary } from "./store.ts";
import { appliedText, assertBase, isConflict, readVersionName, staleVersion } from "./version-conflict.ts";

/** What the service works with. */
export interface ConfigurationPorts {
  readonly store: ConfigurationStore;
  /** Reads a text as the configuration of this process, with its variables. */
  readonly load: (text: string) => Result<LoadedConfiguration, readonly ConfigurationProblem[]>;
  /**
   * Makes ready what a configuration needs before it is in force (the emulator).
   * @throws AppError invalid-configuration, when it cannot be in force in this process
   */
  readonly prepare: (loaded: LoadedConfiguration) => Promise<void>;
  readonly clock: Pick<Clock, "nowMs">;
  readonly onEvent: (event: ConfigurationEvent) => void;
}

/** How a configuration is applied. */
export interface ApplyOptions {
  /** The version that it was planned on, by number or hash; without it whatever is in force is replaced. */
  readonly base?: string;
  readonly comment?: string;
  /** Who applies it. */
  readonly appliedBy: string;
}

/** What applying did. */
export interface Applied {
  /** `unchanged`: that content is in force already, and there is no new version. */
  readonly change: "applied" | "unchanged";
  readonly version: VersionSummary;
  readonly changes: readonly ConfigurationChange[];
}

/** What applying would do. */
export interface ConfigurationPlan {
  /** The version it is planned on: what `apply` takes as its base. */
  readonly base: VersionSummary;
  /** Hash of what would be in force. */
  readonly version: string;
  /** Empty when nothing changes. */
  readonly changes: readonly ConfigurationChange[];
}

/** A version that another process applied and that cannot be in force here. */
export interface RefusedVersion {
  readonly number: number;
  readonly problem: string;
}

/** How often a file is applied again that others were faster with. */
const fileTriesMax = 8;

/**
 * The configuration in force, and the ways to another one. Whatever applies (calls, the file, other processes) goes one
 * after another in here, and by the store's lock among processes; what is in force is swapped whole.
 */
export class ConfigurationService {
  readonly #ports: ConfigurationPorts;
  #inForce: InForce | undefined;
  #refused: RefusedVersion | undefined;
  /** So that an outage is told once. */
  #isFollowFailing = false;
  readonly #turns = new Turns();

  constructor(ports: ConfigurationPorts) {
    this.#ports = ports;
  }

  /** What is in force now. Only after a start. */
  readonly inForce = (): InForce => {
    if (this.#inForce === undefined) throw new Error("Nothing is in force before the start");
    return this.#inForce;
  };

  /** The newest version, where it cannot be in force here; undefined where it is. */
  get refused(): RefusedVersion | undefined {
    return this.#refused;
  }

  /**
   * Brings the newest version into force.
   * @throws InvalidConfigurationError when it does not load any more; AppError store-unavailable
   */
  startWithNewest(): Promise<InForce> {
    return this.#turns.take(async () => {
      const newest = await this.#newest();
      const { statusEpoch } = await this.#ports.store.head();
      const name = `version ${versionText(newest)}`;
      const loaded = this.#loaded(
        `start with ${name}, which was applied ${appliedText(newest)}`,
        newest.text,
        name,
      );
      await this.#ports.prepare(loaded);
      this.#swap({ loaded, version: newest, statusEpoch }, "start");
      return this.inForce();
    });
  }

  /** What would change if this text was applied. @throws InvalidConfigurationError */
  async plan(text: string): Promise<ConfigurationPlan> {
    const loaded = this.#loaded("plan the configuration", text, "text");
    const base = await this.#newest();
    assertPromptsKept("plan the configuration", base, { text, file: "text" });
    return { base, version: loaded.configuration.version, changes: this.#changes(base, loaded) };
  }

  /**
   * Brings a text into force, here at once and in other processes within seconds.
   * @throws InvalidConfigurationError; AppError conflict, when `base` is not the newest version any more
   */
  apply(text: string, options: ApplyOptions): Promise<Applied> {
    return this.#turns.take(async () => {
      const loaded = this.#loaded("apply the configuration", text, "text");
      return this.#applyOn(await this.#newest(), { loaded, text, source: "api", ...options });
    });
  }

  /**
   * Brings the content of an earlier version into force again, as a new version.
   * @throws AppError not-found; conflict; InvalidConfigurationError when it does not load any more
   */
  rollback(to: string, options: ApplyOptions): Promise<Applied> {
    return this.#turns.take(async () => {
      const former = await this.version(to);
      const name = `version ${versionText(former)}`;
      const loaded = this.#loaded(`roll back to ${name}`, former.text, name);
      const newest = await this.#newest();
      const restores = former.number;
      return this.#applyOn(newest, { loaded, text: former.text, source: "rollback", restores, ...options });
    });
  }

  /**
   * Applies the content of the file, whatever is in force: others may be faster, then it is applied on theirs.
   * @param observed what is noted with it
   */
  applyFile(text: string, loaded: LoadedConfiguration, observed: StatusChange): Promise<Applied> {
    return this.#turns.take(async () => {
      for (let tries = 1; ; tries++) {
        const newest = await this.#ports.store.newest();
        try {
          const applying: Applying = { loaded, text, source: "file", appliedBy: "file", observed };
          const applied = await this.#applyOn(newest, applying);
          if (applied.change === "unchanged") await this.#observe(observed);
          return applied;
        } catch (error) {
          if (!isConflict(error) || tries === fileTriesMax) throw error;
        }
      }
    });
  }

  /** Notes something in the status. */
  observe(change: StatusChange): Promise<void> {
    return this.#turns.take(() => this.#observe(change));
  }

  /** Versions below a number, newest first. */
  history(page: { readonly limit: number; readonly before?: number }): Promise<readonly VersionSummary[]> {
    return this.#ports.store.list(page);
  }

  /** One version, by number or hash. @throws AppError not-found, invalid-request */
  async version(name: string): Promise<ConfigurationVersion> {
    const version = await this.#ports.store.get(readVersionName(name));
    if (version) return version;
    throw new AppError("not-found", `Cannot find configuration version "${name}": there is no such version`);
  }

  /** A version with what it changed. @throws AppError not-found, invalid-request */
  async changesOf(
    name: string,
  ): Promise<{ readonly version: ConfigurationVersion; readonly changes: readonly ConfigurationChange[] }> {
    const version = await this.version(name);
    const parent = version.parent === undefined ? undefined : await this.version(String(version.parent));
    return { version, changes: writtenChanges(writtenOf(parent?.text ?? ""), writtenOf(version.text)) };
  }

  /** Takes what another process applied or observed, if there is something. Never rejects: failures are events. */
  async follow(): Promise<void> {
    try {
      await this.#turns.take(() => this.#follow());
      this.#isFollowFailing = false;
    } catch (thrown) {
      if (!this.#isFollowFailing)
        this.#ports.onEvent({ kind: "configuration-store-failed", what: "follow", error: errorOf(thrown) });
      this.#isFollowFailing = true;
    }
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#turns.over();
  }

  async #follow(): Promise<void> {
    const head = await this.#ports.store.head();
    const { version, statusEpoch } = this.inForce();
    // Neither variables nor the address change while a process runs: what was refused once is not read again.
    if (head.number > version.number && head.number !== this.#refused?.number)
      await this.#take(await this.#newest());
    if (head.statusEpoch > statusEpoch) this.#inForce = { ...this.inForce(), statusEpoch: head.statusEpoch };
  }

  async #take(newest: ConfigurationVersion): Promise<void> {
    try {
      const name = `version ${versionText(newest)}`;
      const loaded = this.#loaded(`follow to ${name}`, newest.text, name);
      await this.#ports.prepare(loaded);
      this.#swap({ ...this.inForce(), loaded, version: newest }, "followed");
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "invalid-configuration") throw error;
      this.#refused = { number: newest.number, problem: error.message };
      this.#ports.onEvent({ kind: "configuration-refused", ...this.#refused });
    }
  }

  async #applyOn(newest: ConfigurationVersion | undefined, applying: Applying): Promise<Applied> {
    const { loaded, text, observed, base, ...about } = applying;
    const { version } = loaded.configuration;
    // Before the base: a call that is repeated after a lost answer finds its own work done.
    if (newest?.version === version) return this.#unchanged(newest, loaded);
    if (base !== undefined) assertBase(base, newest);
    const file = about.source === "file" ? "signalbox.yaml" : "text";
    if (newest) assertPromptsKept("apply the configuration", newest, { text, file });
    await this.#ports.prepare(loaded);
    const draft: NewVersion = {
      ...about,
      version,
      text,
      appliedAtMs: this.#ports.clock.nowMs(),
      ...(newest && { parent: newest.number }),
    };
    const changes = newest ? this.#changes(newest, loaded) : [];
    const kept = await this.#ports.store.append(draft, observed);
    if (!kept) throw staleVersion(newest, await this.#ports.store.newest());
    const { statusEpoch } = observed ? await this.#ports.store.head() : (this.#inForce ?? { statusEpoch: 0 });
    this.#swap({ loaded, version: kept, statusEpoch }, "applied", changes);
    return { change: "applied", version: kept, changes };
  }

  /** The content is the newest version's; it may still have to come into force here, if another process applied it. */
  async #unchanged(newest: ConfigurationVersion, loaded: LoadedConfiguration): Promise<Applied> {
    if (this.#inForce?.version.number !== newest.number) {
      await this.#ports.prepare(loaded);
      const { statusEpoch } = await this.#ports.store.head();
      this.#swap({ loaded, version: newest, statusEpoch }, this.#inForce ? "followed" : "start");
    }
    return { change: "unchanged", version: newest, changes: [] };
  }

  async #observe(change: StatusChange): Promise<void> {
    const statusEpoch = await this.#ports.store.observe(change);
    if (this.#inForce) this.#inForce = { ...this.#inForce, statusEpoch };
  }

  #swap(
    next: InForce,
    why: "start" | "applied" | "followed",
    changes?: readonly ConfigurationChange[],
  ): void {
    const former = this.#inForce?.loaded.configuration;
    const told = changes ?? (former ? planConfiguration(former, next.loaded.configuration) : []);
    this.#inForce = next;
    this.#refused = undefined;
    const { number, version, source, appliedBy } = next.version;
    const texts = told.slice(0, changesTold).map(({ text }) => text);
    this.#ports.onEvent({
      kind: "configuration-in-force",
      number,
      version,
      source,
      appliedBy,
      why,
      changes: texts,
    });
  }

  #changes(
    from: ConfigurationVersion,
    { configuration }: LoadedConfiguration,
  ): readonly ConfigurationChange[] {
    const current = this.#inForce;
    return current?.version.number === from.number
      ? planConfiguration(current.loaded.configuration, configuration)
      : writtenChanges(writtenOf(from.text), configuration.written);
  }

  #loaded(action: string, text: string, file: string): LoadedConfiguration {
    const loaded = this.#ports.load(text);
    if (loaded.ok) return loaded.value;
    throw new InvalidConfigurationError(action, file, loaded.error);
  }

  async #newest(): Promise<ConfigurationVersion> {
    const newest = await this.#ports.store.newest();
    if (newest) return newest;
    throw new AppError("internal", "Cannot read the newest configuration: there is none");
  }
}

/** Everything that is known of a version that is about to be applied. */
interface Applying extends ApplyOptions {
  readonly loaded: LoadedConfiguration;
  readonly text: string;
  readonly source: NewVersion["source"];
  readonly restores?: number;
  readonly observed?: StatusChange;
}

/** Versions of prompts never change. @throws InvalidConfigurationError */
function assertPromptsKept(
  action: string,
  { text: former }: ConfigurationVersion,
  { text, file }: { readonly text: string; readonly file: string },
): void {
  const problems = changedPrompts(writtenOf(former), text);
  if (problems.length > 0) throw new InvalidConfigurationError(action, file, problems);
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
