/** One thing a response does. A delivery is a sequence of these; the runner performs them in order. */
export type Action =
  /** Time passes before the next action. */
  | { readonly kind: "pause"; readonly ms: number }
  /** Status line and headers go out. Implied before the first write. */
  | { readonly kind: "head" }
  /** Bytes go out at once. */
  | {
      readonly kind: "write";
      readonly bytes: string | Uint8Array;
      /** Output tokens of the answer that the client has after this write; unchanged when absent. */
      readonly outputTokens?: number;
      /** Whether these bytes complete a frame. */
      readonly isFrame: boolean;
    }
  /** Nothing more is sent, the connection stays open until the client leaves (or the runner's bound is reached). */
  | { readonly kind: "hang" }
  /** The connection is destroyed. */
  | { readonly kind: "cut" }
  /** The response ends properly. */
  | { readonly kind: "end" };

/** A response ready to be sent. */
export interface Delivery {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly actions: Iterable<Action>;
}
