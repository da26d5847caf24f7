import type { LoadWindow } from "./saturation.ts";

/** Windows that are kept; where there are more, each two become one. */
const windowsMax = 1_024;

/** The course of a run in windows of equal length. Takes what it is told: it changes. */
export class LoadWindows {
  #windows: LoadWindow[] = [];
  /** How many windows that were told one that is kept stands for. */
  #joined = 1;
  #pending: LoadWindow[] = [];
  #firstTokens = 0;
  #firstTokenMs = 0;

  /** A request had its first token, so long after its start. */
  firstToken(ms: number): void {
    this.#firstTokens += 1;
    this.#firstTokenMs += ms;
  }

  /** A window is over. */
  close(atMs: number, concurrency: number): void {
    const window = {
      atMs,
      concurrency,
      ...(this.#firstTokens > 0 && { firstTokenMs: this.#firstTokenMs / this.#firstTokens }),
    };
    this.#firstTokens = 0;
    this.#firstTokenMs = 0;
    this.#pending.push(window);
    if (this.#pending.length < this.#joined) return;
    this.#windows.push(joined(this.#pending));
    this.#pending = [];
    if (this.#windows.length < windowsMax) return;
    this.#windows = pairs(this.#windows);
    this.#joined *= 2;
  }

  /** So far, in order. */
  list(): readonly LoadWindow[] {
    return this.#windows;
  }
}

function pairs(windows: readonly LoadWindow[]): LoadWindow[] {
  return Array.from({ length: windows.length / 2 }, (_, at) => joined(windows.slice(2 * at, 2 * at + 2)));
}

function joined(windows: readonly LoadWindow[]): LoadWindow {
  const firstTokens = windows.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  return {
    atMs: meanOf(windows.map(({ atMs }) => atMs)),
    concurrency: meanOf(windows.map(({ concurrency }) => concurrency)),
    ...(firstTokens.length > 0 && { firstTokenMs: meanOf(firstTokens) }),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
