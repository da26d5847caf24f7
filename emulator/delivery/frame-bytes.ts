import type { EventStyle } from "./delivery-faults.ts";
import type { Payload, StreamEncoder } from "./stream-encoder.ts";

/** Turns the payloads of one stream into bytes, one after the other. */
export interface FrameWriter {
  frame(payload: Payload): string;
  /** Bytes that keep the connection busy and mean nothing. */
  keepAlive(): string;
  /** What follows the last frame. */
  ending(): string;
}

/** The writer for an encoder's framing. */
export function frameWriter(encoder: StreamEncoder, style: Partial<EventStyle>): FrameWriter {
  const fullStyle = { lineEnd: encoder.lineEnd, isMultiLine: false, hasComments: false, ...style };
  return encoder.framing === "array" ? arrayWriter() : eventWriter(fullStyle, encoder.namesEvents ?? false);
}

function eventWriter(style: EventStyle, namesEvents: boolean): FrameWriter {
  const { lineEnd } = style;
  const prelude = style.hasComments ? `: comment${lineEnd}id: 1${lineEnd}` : "";
  return {
    frame(payload) {
      const data = dataLines(payload, style.isMultiLine).map((line) => `data: ${line}${lineEnd}`);
      const name = namesEvents ? nameLine(payload, lineEnd) : "";
      return `${prelude}${name}${data.join("")}${lineEnd}`;
    },
    keepAlive: () => `: keep-alive${lineEnd}${lineEnd}`,
    ending: () => "",
  };
}

function nameLine(payload: Payload, lineEnd: string): string {
  const name = typeof payload === "string" ? undefined : payload["event_type"];
  return typeof name === "string" ? `event: ${name}${lineEnd}` : "";
}

function dataLines(payload: Payload, isMultiLine: boolean): readonly string[] {
  if (typeof payload === "string") return [payload];
  return isMultiLine ? JSON.stringify(payload, undefined, 1).split("\n") : [JSON.stringify(payload)];
}

function arrayWriter(): FrameWriter {
  let count = 0;
  return {
    frame(payload) {
      count += 1;
      return `${count === 1 ? "[" : ",\r\n"}${typeof payload === "string" ? payload : JSON.stringify(payload)}`;
    },
    keepAlive: () => " ",
    ending: () => (count === 0 ? "[]" : "]\n"),
  };
}
