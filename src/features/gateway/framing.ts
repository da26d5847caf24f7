import { jsonArrayElement, jsonArrayEnd } from "#core/dialects/sse/write-json-array.ts";
import { sseFrame } from "#core/dialects/sse/write-sse.ts";

/** How the payloads of a stream are laid on the wire for one client. Holds the little state that an array needs. */
export interface Framing {
  readonly contentType: string;
  /** One payload, framed. */
  frame(payload: string): string;
  /** What completes the stream. */
  close(): string;
}

/** Server-sent events: what every client of a stream but one asks for. */
export function sseFraming(): Framing {
  return { contentType: "text/event-stream; charset=utf-8", frame: sseFrame, close: () => "" };
}

/**
 * Server-sent events with names, for clients that listen to names. Payloads are objects that begin with the name as
 * `type`, as the encoders of those dialects write them.
 */
export function namedSseFraming(): Framing {
  return { ...sseFraming(), frame: (payload) => `event: ${eventName(payload)}\n${sseFrame(payload)}` };
}

function eventName(payload: string): string {
  const name = /^\{"type":"([\w.]+)"/.exec(payload)?.[1];
  if (name === undefined)
    throw new Error("Cannot frame an event: a payload that begins with its type is wanted");
  return name;
}

/** One JSON array, an element a payload: Gemini's streamGenerateContent without `alt=sse`. */
export function jsonArrayFraming(): Framing {
  let isFirst = true;
  return {
    contentType: "application/json; charset=utf-8",
    frame(payload) {
      const element = jsonArrayElement(payload, isFirst);
      isFirst = false;
      return element;
    },
    close: () => jsonArrayEnd(isFirst),
  };
}
