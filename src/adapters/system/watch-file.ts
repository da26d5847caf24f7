import { existsSync, watch, type FSWatcher } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Timer, Timers } from "#core/kernel/timers.ts";

/** How a file is watched. */
export interface WatchOptions {
  readonly timers: Timers;
  /** Told once, when changes from now on are seen: what was read before that may be old. */
  readonly onReady: () => void;
  /** Told when the file may be another one: written, replaced, moved there, gone. */
  readonly onChange: () => void;
  /** Told when the system does not tell of changes (no more watches, a folder that is gone); the slow look goes on. */
  readonly onError: (error: Error) => void;
  /** From a first sign of a change to the look, ms: a write of several steps is then over. */
  readonly settleMs?: number;
  /** A folder whose files belong to the file: a change of one of them is one of it. It need not be there. */
  readonly folder?: string;
  /** How often is looked without a sign, ms: on network folders there is none. */
  readonly pollMs?: number;
}

const settleMsDefault = 150;
const pollMsDefault = 10_000;

/**
 * Watches a file by its folder, since editors put a new file in the old one's place and Kubernetes swaps a link beside
 * it. Any sign from the folder leads to one look at the file itself: whether it is another one, or of another size or time.
 * @returns stops
 */
export function watchFile(path: string, options: WatchOptions): () => void {
  return new FileWatch(path, options).begin();
}

class FileWatch {
  readonly #path: string;
  readonly #options: WatchOptions;
  /** What the file was at the last look; undefined before the first. */
  #known: string | undefined;
  #settling: Timer | undefined;
  #stopped = false;

  constructor(path: string, options: WatchOptions) {
    this.#path = path;
    this.#options = options;
  }

  begin(): () => void {
    const { timers, pollMs = pollMsDefault } = this.#options;
    const watchers = this.#folders().flatMap((folder) => this.#watched(folder) ?? []);
    const poll = timers.after(pollMs, () => void this.#look().finally(() => this.#stopped || poll.restart()));
    void this.#look().then(() => this.#stopped || this.#options.onReady());
    return () => {
      this.#stopped = true;
      poll.cancel();
      this.#settling?.cancel();
      for (const watcher of watchers) watcher.close();
    };
  }

  #folders(): readonly string[] {
    const { folder } = this.#options;
    const own = dirname(this.#path);
    // One that is not there yet is found by the slow look.
    return folder !== undefined && existsSync(folder) ? [own, folder] : [own];
  }

  #watched(folder: string): FSWatcher | undefined {
    try {
      return watch(folder, { persistent: false }, () => this.#sign()).on("error", (error) =>
        this.#options.onError(error),
      );
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  #sign(): void {
    const { timers, settleMs = settleMsDefault } = this.#options;
    this.#settling ??= timers.after(settleMs, () => {
      this.#settling = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const now = await this.#signature();
    const isChanged = this.#known !== undefined && this.#known !== now;
    this.#known = now;
    if (isChanged && !this.#stopped) this.#options.onChange();
  }

  async #signature(): Promise<string> {
    const { folder } = this.#options;
    const own = await signature(this.#path);
    if (folder === undefined) return own;
    const files = await filesOf(folder);
    const others = await Promise.all(
      files.map(async (name) => `${name} ${await signature(join(folder, name))}`),
    );
    return [own, ...others].join("\n");
  }
}

/** Files of a folder that are looked at, at most. */
const folderFilesMax = 1_000;

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted().slice(0, folderFilesMax);
  } catch (error) {
    // What is not there has no files; what cannot be read is told by whoever reads it.
    return [error instanceof Error && "code" in error ? String(error.code) : "unknown"];
  }
}

/** What tells one state of a file from another; links are followed. */
async function signature(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(" ");
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}
