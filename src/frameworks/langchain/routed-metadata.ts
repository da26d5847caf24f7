import type { ReplyHeaders } from "./chat-transport.ts";

/** How Signalbox routed a call: in `response_metadata.signalbox` of the answer, and the data of the "route" event. */
export interface RoutedMetadata {
  readonly request_id?: string;
  readonly route?: string;
  readonly variant?: string;
  readonly deployment?: string;
  /** Upstream calls made, the answering one included. */
  readonly attempts?: number;
  /** Whether an emulator answered in a provider's place. */
  readonly emulated?: boolean;
}

const names = ["route", "variant", "deployment"] as const;

/** Reads the response headers that say how a call was routed. */
export function routedMetadata(headers: ReplyHeaders): RoutedMetadata {
  const requestId = headers["x-signalbox-request-id"];
  const attempts = headers["x-signalbox-attempts"];
  return {
    ...(requestId !== undefined && { request_id: requestId }),
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = headers[`x-signalbox-${name}`];
        return value === undefined ? [] : [[name, decoded(value)]];
      }),
    ),
    ...(attempts !== undefined && { attempts: Number(attempts) }),
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
