/** Headers behind an answer. */
export type Trailers = Readonly<Record<string, string>>;

/** The way back to the client: one HTTP answer. Implemented by http/data-plane. */
export interface ClientPort {
  /** Whether the client has gone away. */
  readonly closed: boolean;
  /** Sends status and headers. Once, before anything else. */
  start(status: number, headers: Readonly<Record<string, string>>): void;
  /** Whether the client reads slower than we write: hold back until `whenWritable`. */
  readonly congested: boolean;
  /** Sends bytes at once. */
  write(data: Uint8Array | string): void;
  /** Completes the answer. @param trailers told behind it, where the client's protocol can: `trailer` announced them */
  end(data?: Uint8Array | string, trailers?: Trailers): void;
  /** Ends the connection without completing the answer, so that no client can take it for whole. */
  breakOff(data: string): void;
  /** Calls back once when more can be written. */
  whenWritable(callback: () => void): void;
  /** Calls back once when the client goes away before the answer is complete. */
  whenClosed(callback: () => void): void;
}
