/** How the payloads of a stream are laid on the wire for one client. Holds the little state that an array needs. */
export interface Framing {
  readonly contentType: string;
  /** Whether frames of an upstream of the same dialect can pass byte by byte. */
  readonly passesFrames: boolean;
  /** One payload, framed. */
  frame(payload: string): string;
  /** What completes the stream. */
  close(): string;
}

/** Server-sent events: what every client of a stream but one asks for. */
export function sseFraming(): Framing {
  return {
    contentType: "text/event-stream; charset=utf-8",
    passesFrames: true,
    frame: (payload) => `data: ${payload}\n\n`,
    close: () => "",
  };
}

/** One JSON array, an element a payload: Gemini's streamGenerateContent without `alt=sse`. */
export function jsonArrayFraming(): Framing {
  let opened = false;
  return {
    contentType: "application/json; charset=utf-8",
    passesFrames: false,
    frame(payload) {
      const lead = opened ? ",\r\n" : "[";
      opened = true;
      return lead + payload;
    },
    close: () => (opened ? "]" : "[]"),
  };
}
