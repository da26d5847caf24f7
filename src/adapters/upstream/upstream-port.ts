/** The way out to providers: one call whose answer arrives piece by piece. Implemented by adapters/upstream. */
export interface UpstreamPort {
  /**
   * Sends a call. The listener hears `sent` and `started` at most once each, then `data`, then exactly one of `ended` or `failed`;
   * nothing after `abort()`.
   */
  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle;
}

/** One HTTP call to a provider. */
export interface UpstreamCall {
  /** POST when absent. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Absolute URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none, and for GET. Whole, or in pieces that follow one another: a large body need not be copied to change a word of it. */
  readonly body: Uint8Array | string | readonly Uint8Array[];
  /** Whether the address may be private (loopback, RFC 1918, ...): only where the configuration says so. */
  readonly privateNetwork: boolean;
}

/** Hears what comes back. */
export interface UpstreamListener {
  /** A connection is there and the call goes out on it. */
  sent(): void;
  started(status: number, headers: Readonly<Record<string, string>>): void;
  data(chunk: Uint8Array): void;
  ended(): void;
  /** No connection (`connect`), or it broke (`reset`). The message holds no content. */
  failed(kind: "connect" | "reset", message: string): void;
}

/** Controls a call under way. */
export interface UpstreamHandle {
  /** Cancels the call at once; closing the connection is how a provider learns of it. */
  abort(): void;
  /** Stops reading until `resume()`: the client is slower than the provider. */
  pause(): void;
  resume(): void;
}
