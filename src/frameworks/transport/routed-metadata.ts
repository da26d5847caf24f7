import type { ReplyHeaders } from "./chat-transport.ts";

/** How Signalbox routed a call. */
export interface RoutedMetadata {
  /** The request's id, which is the decision's: `GET /api/decisions/{id}`. */
  readonly request_id?: string;
  readonly route?: string;
  readonly variant?: string;
  readonly deployment?: string;
  /** Upstream calls made, the answering one included. */
  readonly attempts?: number;
  /** Which step of the route's ladder answered in place of what was decided: `fallback`, `shorter` and others. */
  readonly degraded?: string;
  /** What the request cost with all its attempts, USD; absent where an attempt has no known price. */
  readonly cost_usd?: number;
  /** The deployment that went on with a stream that broke. */
  readonly resumed?: string;
  /** Whether an emulator answered in a provider's place. */
  readonly emulated?: boolean;
}

const names = ["route", "variant", "deployment", "degraded", "resumed"] as const;

/** Reads the headers, or trailers, that say how a call was routed. */
export function routedMetadata(headers: ReplyHeaders): RoutedMetadata {
  const requestId = headers["x-signalbox-request-id"];
  const attempts = headers["x-signalbox-attempts"];
  const costUsd = headers["x-signalbox-cost-usd"];
  return {
    ...(requestId !== undefined && { request_id: requestId }),
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = headers[`x-signalbox-${name}`];
        return value === undefined ? [] : [[name, decoded(value)]];
      }),
    ),
    ...(attempts !== undefined && { attempts: Number(attempts) }),
    ...(costUsd !== undefined && { cost_usd: Number(costUsd) }),
    ...(headers["x-signalbox-emulated"] === "true" && { emulated: true }),
  };
}

/** A name out of a header, where it is percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    // A name with a stray percent sign was not written by Signalbox; it is shown as it came.
    return text;
  }
}
