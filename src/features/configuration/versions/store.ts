import type { Json } from "#core/kernel/json.ts";
import type { ConfigurationVersion, NewVersion, VersionName } from "./configuration-version.ts";

/** A version without its text. */
export type VersionSummary = Omit<ConfigurationVersion, "text">;

/** How far the two sides have come: what replicas ask each other by, often. */
export interface Head {
  /** Number of the newest version; 0 while there is none. */
  readonly number: number;
  /** Counts the changes of the status, from 0. */
  readonly statusEpoch: number;
}

/** What a controller observes or does, by its name. */
export interface StatusEntry {
  readonly key: string;
  readonly value: Json;
  /** The change of the status that it was made by. */
  readonly epoch: number;
  /** ms since 1970. */
  readonly changedAtMs: number;
}

/** What is set of the status. */
export type StatusChange = Omit<StatusEntry, "epoch">;

/**
 * Where configurations are kept (specification: what people wrote) and what was observed of them (status). Two tables,
 * never mixed. Implementations: memory (tests), Postgres and PGlite; one contract for all.
 */
export interface ConfigurationStore {
  /**
   * Keeps a version behind its parent, and with it, all or nothing, what was observed on the way.
   * @returns the version with its number; undefined when its parent is not the newest one any more: somebody else was faster
   */
  append(version: NewVersion, observed?: StatusChange): Promise<ConfigurationVersion | undefined>;
  /** The newest version. */
  newest(): Promise<ConfigurationVersion | undefined>;
  /** One version; of several with the content that is named, the newest. */
  get(name: VersionName): Promise<ConfigurationVersion | undefined>;
  /** Versions below a number (the newest ones without one), newest first. */
  list(page: { readonly limit: number; readonly before?: number }): Promise<readonly VersionSummary[]>;
  head(): Promise<Head>;
  /**
   * Sets an entry of the status; the value it has already changes nothing.
   * @returns the epoch of the status after it
   */
  observe(change: StatusChange): Promise<number>;
  /** An entry of the status. */
  status(key: string): Promise<StatusEntry | undefined>;
}
