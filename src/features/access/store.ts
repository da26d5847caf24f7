import { AppError } from "#core/kernel/app-error.ts";
import type { ApiKey } from "./domain.ts";

/** Keys that one installation keeps at most, revoked ones too: all are held in memory by every replica. */
export const keysMax = 10_000;

/** When a key was used. */
export interface KeyUse {
  readonly id: string;
  readonly atMs: number;
}

/** Where API keys are kept. Implementations: memory (tests), Postgres and PGlite; one contract for all. */
export interface KeyStore {
  /**
   * Keeps a new key; once this resolves it survives a crash.
   * @throws AppError conflict, when there are `keysMax` already; store-unavailable
   */
  insert(key: ApiKey): Promise<void>;
  /** All keys, revoked and expired ones too, newest first. */
  all(): Promise<readonly ApiKey[]>;
  /**
   * Marks a key as revoked; the time of the first call counts.
   * @returns the key as it now is, `undefined` when there is none under this id
   */
  revoke(id: string, atMs: number): Promise<ApiKey | undefined>;
  /** Notes uses; a time before the one noted changes nothing, nor does an unknown id. */
  touch(uses: readonly KeyUse[]): Promise<void>;
}

/** The error of a store that is full. */
export function tooManyKeys(): AppError {
  return new AppError(
    "conflict",
    `Cannot create an API key: at most ${keysMax} keys are kept, revoked ones too, and there are that many`,
  );
}
