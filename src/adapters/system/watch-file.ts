import { watch, type FSWatcher } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
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
    const watcher = this.#watched();
    const poll = timers.after(pollMs, () => void this.#look().finally(() => this.#stopped || poll.restart()));
    void this.#look().then(() => this.#stopped || this.#options.onReady());
    return () => {
      this.#stopped = true;
      poll.cancel();
      this.#settling?.cancel();
      watcher?.close();
    };
  }

  #watched(): FSWatcher | undefined {
    try {
      return watch(dirname(this.#path), { persistent: false }, () => this.#sign()).on("error", (error) =>
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
    const now = await signature(this.#path);
    const isChanged = this.#known !== undefined && this.#known !== now;
    this.#known = now;
    if (isChanged && !this.#stopped) this.#options.onChange();
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
