import { open, type FileHandle } from "node:fs/promises";
import { AppError } from "#core/kernel/app-error.ts";
import type { RunLine, RunLog } from "./run-log.ts";

/** A line that waits to be kept. */
interface Waiting {
  readonly text: string;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/**
 * Keeps lines in a file of JSON Lines. What comes while the disk is busy is written and synced together (group commit): a
 * hundred lines cost one wait.
 */
export class RecordFile implements RunLog, AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Set once a line was lost: what comes after would stand behind a gap. */
  #failure: AppError | undefined;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Opens a file to go on at its end. Half a line there is what a crash left of a write that nobody was told of: it is cut off.
   * @throws AppError store-unavailable
   */
  static async open(path: string): Promise<RecordFile> {
    try {
      // Not appending: truncating needs to read, and Node's append flags do not let it.
      const file = await open(path, "a+", 0o600);
      await cutTornLine(file);
      return new RecordFile(path, file);
    } catch (error) {
      throw unavailable(path, error);
    }
  }

  append(line: RunLine): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const { promise, resolve: kept, reject: lost } = Promise.withResolvers<void>();
    this.#waiting.push({ text: `${JSON.stringify(line)}\n`, kept, lost });
    this.#writing ??= this.#write();
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure) throw this.#failure;
        await this.#file.appendFile(lines.map(({ text }) => text).join(""));
        await this.#file.datasync();
        for (const { kept } of lines) kept();
      } catch (error) {
        this.#failure ??= unavailable(this.#path, error);
        for (const { lost } of lines) lost(this.#failure);
      }
    }
    this.#writing = undefined;
  }
}

/** How much is read at once to find the last line's end, bytes. */
const tailBytes = 64 * 1024;
const newline = 0x0a;

async function cutTornLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  let end = size;
  while (end > 0) {
    const begin = Math.max(0, end - tailBytes);
    const { buffer } = await file.read(Buffer.alloc(end - begin), 0, end - begin, begin);
    const at = buffer.lastIndexOf(newline);
    if (at !== -1) {
      end = begin + at + 1;
      break;
    }
    end = begin;
  }
  if (end < size) await file.truncate(end);
}

function unavailable(path: string, cause: unknown): AppError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an unknown error";
  return new AppError(
    "store-unavailable",
    `Cannot keep the records of the run in "${path}": writing fails with ${code}; what was kept before stays`,
    { cause },
  );
}
