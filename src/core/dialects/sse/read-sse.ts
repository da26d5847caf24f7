import { looseMax } from "#core/kernel/pieces.ts";
import { utf8Text } from "#core/kernel/utf8-text.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** Largest frame that is read, bytes: an image in base64 fits, a runaway upstream does not. A line is at most a frame. */
export const frameBytesMax = 8 * 1024 * 1024;
/** Most lines in one frame: JSON payloads have one or a few. */
export const frameLinesMax = 65_536;

/** One frame of a stream of server-sent events. */
export type SseFrame =
  /** An event: what stands after `data:`, several lines joined by line feeds. */
  | { readonly kind: "data"; readonly data: string; readonly event?: string }
  /** A keep-alive, or a frame without data: nothing to act on. */
  | { readonly kind: "comment" };

/** Where reading stands. */
export interface SseState {
  /** Set when a frame was over a bound: nothing more is read. */
  readonly failure?: UpstreamFailure;
  /** The frame that has begun: its chunks, last first. */
  readonly pending: Chunks | undefined;
  readonly pendingBytes: number;
  readonly pendingLines: number;
  /** Whether the line that has begun is empty so far. */
  readonly isLineEmpty: boolean;
  /** The last byte was CR, so that a LF next belongs to it. */
  readonly endsInCr: boolean;
  /** The frame is complete but for a LF that may follow its last CR. */
  readonly awaitsLf: boolean;
  /** Whether any frame was read: only the first may begin with a byte order mark. */
  readonly isFirst: boolean;
}

interface Chunks {
  readonly bytes: Uint8Array;
  readonly before: Chunks | undefined;
  /** How many there are up to one that was joined from others, this one included. */
  readonly loose: number;
}

const lf = 0x0a;
const cr = 0x0d;

/** The state before the first byte. */
export function startSse(): SseState {
  return {
    pending: undefined,
    pendingBytes: 0,
    pendingLines: 0,
    isLineEmpty: true,
    endsInCr: false,
    awaitsLf: false,
    isFirst: true,
  };
}

/** The state behind a frame. */
const betweenFrames: SseState = { ...startSse(), isFirst: false };

/**
 * Reads a chunk, cut anywhere: the frames that it completes. How the stream is cut changes no frame; therefore a frame
 * whose blank line ends in a CR waits for the next byte, which may be its LF.
 * Over a bound, `failure` is set in the state and nothing more is read.
 */
export function readSse(state: SseState, chunk: Uint8Array): readonly [SseState, readonly SseFrame[]] {
  if (state.failure || chunk.length === 0) return [state, []];
  const frames: SseFrame[] = [];
  const read = readPlainFrames(state, chunk, frames);
  if (read === chunk.length) return [betweenFrames, frames];
  const reading = new ChunkReading(
    read === 0 ? state : betweenFrames,
    read === 0 ? chunk : chunk.subarray(read),
  );
  for (let line = reading.nextLine(); line !== "none"; line = reading.nextLine()) {
    if (line === "frame") frames.push(reading.takeFrame());
    if (reading.failure) return [{ ...startSse(), failure: reading.failure }, frames];
  }
  const rest = reading.rest();
  return [rest, frames];
}

/**
 * The frame that is left when the stream is over; undefined when it ended with a blank line, as it should.
 * `isCut` tells that the blank line never came: the frame may be whole all the same, or cut off anywhere.
 */
export function restOfSse(state: SseState): (SseFrame & { readonly isCut: boolean }) | undefined {
  if (state.pendingBytes === 0) return undefined;
  return { ...frameOf(joined(state), state.isFirst), isCut: !state.awaitsLf };
}

/**
 * Reads the frames at the beginning of a chunk that are what nearly all are: whole, and one line of `data: `. They are
 * read without a state for each line.
 * @returns the bytes read; what follows is anything else
 */
function readPlainFrames(state: SseState, chunk: Uint8Array, frames: SseFrame[]): number {
  if (state.pendingBytes > 0 || state.endsInCr || chunk.includes(cr)) return 0;
  const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
  let at = 0;
  while (startsWithData(bytes, at)) {
    const end = bytes.indexOf(lf, at);
    if (end === -1 || bytes[end + 1] !== lf || end + 2 - at > frameBytesMax) break;
    frames.push({ kind: "data", data: bytes.toString("utf8", at + dataField.length, end) });
    at = end + 2;
  }
  return at;
}

function startsWithData(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < dataField.length; index++) {
    if (bytes[at + index] !== dataField[index]) return false;
  }
  return true;
}

const dataField = Buffer.from("data: ", "latin1");

/** Walks one chunk from line end to line end; every byte is looked at a fixed number of times. */
class ChunkReading {
  readonly #chunk: Uint8Array;
  #state: SseState;
  /** Where the current frame goes on in this chunk. */
  #frameStart = 0;
  #at = 0;
  #nextLf: number;
  #nextCr: number;
  failure: UpstreamFailure | undefined;

  constructor(state: SseState, chunk: Uint8Array) {
    this.#state = state;
    this.#chunk = chunk;
    this.#nextLf = chunk.indexOf(lf);
    this.#nextCr = chunk.indexOf(cr);
  }

  /** Goes behind the next line end: whether it ended a frame, a line, or there is none. */
  nextLine(): "frame" | "line" | "none" {
    if (this.#at >= this.#chunk.length) return "none";
    if (this.#state.endsInCr) return this.#afterCr();
    this.#seek();
    const end = this.#lineEnd();
    if (end === -1) return "none";
    const isEmpty = this.#state.isLineEmpty && end === this.#at;
    this.#at = end + 1;
    const endsInCr = this.#chunk[end] === cr;
    this.#state = {
      ...this.#state,
      isLineEmpty: true,
      endsInCr,
      awaitsLf: isEmpty && endsInCr,
      pendingLines: this.#state.pendingLines + 1,
    };
    this.#checkBounds();
    return isEmpty && !endsInCr ? "frame" : "line";
  }

  /** The frame up to here. */
  takeFrame(): SseFrame {
    const frame = frameOf(this.#joined(), this.#state.isFirst);
    this.#frameStart = this.#at;
    this.#state = betweenFrames;
    return frame;
  }

  /** The state behind the chunk. */
  rest(): SseState {
    const tail = this.#chunk.subarray(this.#frameStart);
    const pendingBytes = this.#state.pendingBytes + tail.length;
    if (pendingBytes > frameBytesMax) return { ...startSse(), failure: tooLarge() };
    return {
      ...this.#state,
      pending: tail.length === 0 ? this.#state.pending : chunksWith(this.#state.pending, tail),
      pendingBytes,
      isLineEmpty: this.#state.isLineEmpty && this.#at >= this.#chunk.length,
    };
  }

  #afterCr(): "frame" | "line" {
    const isPair = this.#chunk[this.#at] === lf;
    const completes = this.#state.awaitsLf;
    if (isPair) this.#at++;
    this.#state = { ...this.#state, endsInCr: false, awaitsLf: false };
    return completes ? "frame" : "line";
  }

  #seek(): void {
    if (this.#nextLf !== -1 && this.#nextLf < this.#at) this.#nextLf = this.#chunk.indexOf(lf, this.#at);
    if (this.#nextCr !== -1 && this.#nextCr < this.#at) this.#nextCr = this.#chunk.indexOf(cr, this.#at);
  }

  #lineEnd(): number {
    if (this.#nextLf === -1) return this.#nextCr;
    return this.#nextCr === -1 ? this.#nextLf : Math.min(this.#nextLf, this.#nextCr);
  }

  #checkBounds(): void {
    const bytes = this.#state.pendingBytes + this.#at - this.#frameStart;
    if (bytes > frameBytesMax) this.failure = tooLarge();
    else if (this.#state.pendingLines > frameLinesMax) this.failure = tooManyLines();
  }

  #joined(): Buffer {
    return joined(this.#state, this.#chunk.subarray(this.#frameStart, this.#at));
  }
}

/**
 * The chunks with one more. The caller may use its buffer again, so that it is copied. Many become one: what a chunk takes
 * beside its bytes (see `Pieces`) is soon a hundred times as much as those are, where an upstream sends them one by one.
 */
function chunksWith(before: Chunks | undefined, tail: Uint8Array): Chunks {
  const chunks: Chunks = { bytes: new Uint8Array(tail), before, loose: (before?.loose ?? 0) + 1 };
  if (chunks.loose <= looseMax) return chunks;
  const pieces: Uint8Array[] = [];
  let rest: Chunks | undefined = chunks;
  for (; rest && rest.loose > 0; rest = rest.before) pieces.push(rest.bytes);
  return { bytes: Buffer.concat(pieces.toReversed()), before: rest, loose: 0 };
}

function joined({ pending }: Pick<SseState, "pending">, last: Uint8Array = new Uint8Array()): Buffer {
  const pieces = [last];
  for (let chunks = pending; chunks; chunks = chunks.before) pieces.push(chunks.bytes);
  return Buffer.concat(pieces.toReversed());
}

function frameOf(raw: Buffer, isFirst: boolean): SseFrame {
  return oneLine(raw) ?? anyFrame(raw, isFirst);
}

/** The same of a frame that came in several chunks: an image is not looked at byte by byte in JavaScript. */
function oneLine(raw: Buffer): SseFrame | undefined {
  const end = raw.length - 2;
  if (end < dataField.length || raw.indexOf(lf) !== end || raw.includes(cr)) return undefined;
  if (!startsWithData(raw, 0)) return undefined;
  return { kind: "data", data: utf8Text(raw.subarray(dataField.length, end)) };
}

function anyFrame(raw: Buffer, isFirst: boolean): SseFrame {
  const text = utf8Text(raw);
  const lines = (isFirst ? text.replace(/^\uFEFF/, "") : text).split(/\r\n|\n|\r/);
  const data: string[] = [];
  let event: string | undefined;
  for (const line of lines) {
    const [field, value] = fieldOf(line);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
  }
  if (data.length === 0) return { kind: "comment" };
  return { kind: "data", data: data.join("\n"), ...(event !== undefined && { event }) };
}

/** A line's field name and value; one blank after the colon is not part of the value. */
function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  return [line.slice(0, colon), line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1)];
}

function tooLarge(): UpstreamFailure {
  return {
    kind: "malformed-answer",
    message: `Cannot read the upstream's stream: wanted frames of at most ${frameBytesMax} bytes, got a larger one`,
  };
}

function tooManyLines(): UpstreamFailure {
  return {
    kind: "malformed-answer",
    message: `Cannot read the upstream's stream: wanted frames of at most ${frameLinesMax} lines, got a longer one`,
  };
}
