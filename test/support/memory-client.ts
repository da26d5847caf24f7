import type { ClientPort, Trailers } from "#features/gateway/index.ts";

/** A client that keeps what it is sent. */
export class MemoryClient implements ClientPort {
  status: number | undefined;
  headers: Readonly<Record<string, string>> = {};
  text = "";
  trailers: Trailers = {};
  /** How the answer ended: properly, cut on purpose, or not yet. */
  ending: "end" | "broken-off" | undefined;
  closed = false;
  congested = false;
  readonly #onClosed: (() => void)[] = [];
  readonly #onWritable: (() => void)[] = [];

  start(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.status !== undefined) throw new Error("The answer was started twice");
    this.status = status;
    this.headers = headers;
  }

  write(data: Uint8Array | string): void {
    this.text += typeof data === "string" ? data : Buffer.from(data).toString("utf8");
  }

  end(data?: Uint8Array | string, trailers: Trailers = {}): void {
    if (data !== undefined) this.write(data);
    this.trailers = trailers;
    this.ending = "end";
  }

  breakOff(data: string): void {
    this.write(data);
    this.ending = "broken-off";
  }

  whenWritable(callback: () => void): void {
    this.#onWritable.push(callback);
  }

  whenClosed(callback: () => void): void {
    this.#onClosed.push(callback);
  }

  /** The client goes away. */
  leave(): void {
    this.closed = true;
    for (const callback of this.#onClosed) callback();
  }

  /** The client has caught up. */
  drain(): void {
    this.congested = false;
    for (const callback of this.#onWritable.splice(0)) callback();
  }

  /** The payloads of the frames so far; end marks as they are. */
  get payloads(): readonly unknown[] {
    return this.text
      .split("\n\n")
      .filter((frame) => frame.startsWith("data: "))
      .map((frame) => frame.slice("data: ".length))
      .map((payload): unknown => (payload === "[DONE]" ? payload : JSON.parse(payload)));
  }
}
