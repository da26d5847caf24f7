/** Largest frame that is read, bytes: a generated image of 5 MB in base64, and the rest of its frame. */
export const sseFrameBytesMax = 8 * 1024 * 1024;

/** One event of a stream of server-sent events. */
export type SseFrame =
  /** The `data:` lines, joined by line feeds, and the event's name, if it has one. */
  | { readonly kind: "event"; readonly data: string; readonly event?: string }
  /** Comment lines only: a keep-alive. */
  | { readonly kind: "comment" };

/** How far a stream has been read. Plain data; each state is good for one `readSse`. */
export interface SseState {
  /** What came of the frame that is not complete yet. */
  readonly pieces: readonly Uint8Array[];
  /** Bytes in `pieces`. */
  readonly size: number;
  /** Whether the next byte begins a line. */
  readonly atLineStart: boolean;
  /** Whether the last byte was a carriage return: a line feed right behind belongs to it. */
  readonly afterReturn: boolean;
  /** Whether a frame was larger than allowed: nothing more is read then. */
  readonly overflowed: boolean;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The state before the first byte. */
export function startSse(): SseState {
  return { pieces: [], size: 0, atLineStart: true, afterReturn: false, overflowed: false };
}

/**
 * Reads a piece of the stream: the frames that are complete with it. Lines may end in LF, CR LF or CR, and a piece may
 * end anywhere, also inside a character. WHATWG HTML, section 9.2.6 "Interpreting an event stream".
 */
export function readSse(state: SseState, chunk: Uint8Array): readonly [SseState, readonly SseFrame[]] {
  if (state.overflowed || chunk.length === 0) return [state, []];
  const reading = new Reading(state, chunk);
  return [reading.run(), reading.frames];
}

/** What is left when the stream ends: a frame whose blank line never came, or undefined. */
export function restOfSse(state: SseState): SseFrame | undefined {
  return state.size === 0 ? undefined : frameOf(state.pieces);
}

/** One pass over one piece. */
class Reading {
  readonly frames: SseFrame[] = [];
  readonly #chunk: Buffer;
  readonly #returns: boolean;
  #pieces: Uint8Array[];
  #size: number;
  #frameStart = 0;
  #at = 0;
  #atLineStart: boolean;

  constructor(state: SseState, chunk: Uint8Array) {
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#pieces = [...state.pieces];
    this.#size = state.size;
    this.#atLineStart = state.atLineStart;
    // A line feed behind the carriage return that ended the last piece ends no line of its own.
    if (state.afterReturn && this.#chunk[0] === lineFeed) this.#at = 1;
    if (this.#at === 1 && this.#size === 0) this.#frameStart = 1;
    // Carriage returns are rare: one search tells whether they must be looked for at every line.
    this.#returns = this.#chunk.includes(carriageReturn);
  }

  run(): SseState {
    for (let end = this.#lineEnd(); end !== -1; end = this.#lineEnd()) {
      const isBlank = this.#atLineStart && end === this.#at;
      this.#at = this.#afterLineEnd(end);
      this.#atLineStart = true;
      if (isBlank) this.#completeFrame(end);
    }
    if (this.#at < this.#chunk.length) this.#atLineStart = false;
    const rest = this.#chunk.subarray(this.#frameStart);
    if (rest.length > 0) this.#pieces.push(rest);
    this.#size += rest.length;
    return {
      pieces: this.#pieces,
      size: this.#size,
      atLineStart: this.#atLineStart,
      afterReturn: this.#chunk.at(-1) === carriageReturn,
      overflowed: this.#size > sseFrameBytesMax,
    };
  }

  #lineEnd(): number {
    const feed = this.#chunk.indexOf(lineFeed, this.#at);
    if (!this.#returns) return feed;
    const back = this.#chunk.indexOf(carriageReturn, this.#at);
    if (back === -1 || feed === -1) return Math.max(back, feed);
    return Math.min(back, feed);
  }

  #afterLineEnd(end: number): number {
    const isPair = this.#chunk[end] === carriageReturn && this.#chunk[end + 1] === lineFeed;
    return end + (isPair ? 2 : 1);
  }

  #completeFrame(end: number): void {
    this.#pieces.push(this.#chunk.subarray(this.#frameStart, end));
    const frame = frameOf(this.#pieces);
    if (frame) this.frames.push(frame);
    this.#pieces = [];
    this.#size = 0;
    this.#frameStart = this.#at;
  }
}

/** A frame from its bytes; undefined when it holds neither data nor a comment. */
function frameOf(pieces: readonly Uint8Array[]): SseFrame | undefined {
  const [only] = pieces;
  const bytes =
    pieces.length === 1 && only
      ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
      : Buffer.concat(pieces);
  // A byte order mark can only stand at the start of the stream; stripping it from any frame costs nothing.
  return readLines(bytes.toString("utf8").replace(/^\uFEFF/, ""));
}

function readLines(text: string): SseFrame | undefined {
  const data: string[] = [];
  let event: string | undefined;
  let commented = false;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.startsWith("data:")) data.push(fieldValue(line, "data:"));
    else if (line.startsWith("event:")) event = fieldValue(line, "event:");
    else if (line.startsWith(":")) commented = true;
  }
  if (data.length > 0) return { kind: "event", data: data.join("\n"), ...(event !== undefined && { event }) };
  return commented ? { kind: "comment" } : undefined;
}

/** What stands behind the colon; one space belongs to the colon. */
function fieldValue(line: string, name: string): string {
  return line.slice(line[name.length] === " " ? name.length + 1 : name.length);
}
