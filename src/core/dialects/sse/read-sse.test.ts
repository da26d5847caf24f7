import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looseMax } from "#core/kernel/pieces.ts";
import { frameBytesMax, frameLinesMax, readSse, restOfSse, startSse, type SseFrame } from "./read-sse.ts";
import { sseFrame } from "./write-sse.ts";

function readAll(chunks: readonly Uint8Array[]) {
  let state = startSse();
  const frames: SseFrame[] = [];
  for (const chunk of chunks) {
    const [next, read] = readSse(state, chunk);
    state = next;
    frames.push(...read);
  }
  const { isCut = false, ...rest } = restOfSse(state) ?? {};
  const isWhole = "kind" in rest && !isCut;
  return { state, frames: isWhole ? [...frames, rest] : frames, truncated: isCut };
}

const bytes = (text: string) => Buffer.from(text, "utf8");
const payloads = (frames: readonly SseFrame[]) =>
  frames.map((frame) => (frame.kind === "data" ? frame.data : undefined));

describe("server-sent events", () => {
  test.each([
    ["LF", "data: a\n\ndata: b\n\n"],
    ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n"],
    ["CR", "data: a\r\rdata: b\r\r"],
    ["mixed line ends", "data: a\r\n\ndata: b\n\r\n"],
    ["a byte order mark", "\uFEFFdata: a\n\ndata: b\n\n"],
    ["no blank after the colon", "data:a\n\ndata:b\n\n"],
  ])("with %s give the same payloads", (_name, text) => {
    const { frames, truncated } = readAll([bytes(text)]);
    expect(payloads(frames)).toEqual(["a", "b"]);
    expect(truncated).toBe(false);
  });

  test("a frame that comes byte by byte is whole, and its bytes are not kept one by one", () => {
    const text = `data: ${"é".repeat(5_000)}\n\n`;
    let state = startSse();
    let keptMax = 0;
    const read: SseFrame[] = [];
    for (const byte of bytes(text)) {
      const [next, frames] = readSse(state, Uint8Array.of(byte));
      state = next;
      read.push(...frames);
      let kept = 0;
      for (let chunks = state.pending; chunks; chunks = chunks.before) kept += 1;
      keptMax = Math.max(keptMax, kept);
    }
    expect(payloads(read)).toEqual(["é".repeat(5_000)]);
    expect(keptMax).toBeLessThan(looseMax + 100);
  });

  test("data lines of one frame are joined and the event's name is kept", () => {
    const { frames } = readAll([bytes("event: step\nid: 7\ndata: one\ndata:  two\ndata\n\n")]);
    expect(frames).toMatchObject([{ kind: "data", event: "step", data: "one\n two\n" }]);
  });

  test("keep-alives, stray blank lines and frames without data are comments", () => {
    const { frames } = readAll([bytes(": ping\n\n\nevent: nothing\n\ndata: x\n\n")]);
    expect(frames.map(({ kind }) => kind)).toEqual(["comment", "comment", "comment", "data"]);
  });

  test("a frame goes out as soon as its blank line is there", () => {
    expect(readSse(startSse(), bytes("data: a\r\n\r\n"))[1]).toHaveLength(1);
    expect(readSse(startSse(), bytes("data: a\n\n"))[1]).toHaveLength(1);
  });

  test("a cut-off frame is told at the end, with what there is of it", () => {
    const [state, frames] = readSse(startSse(), bytes('data: {"a":1}\n\ndata: {"b"'));
    expect(payloads(frames)).toEqual(['{"a":1}']);
    expect(restOfSse(state)).toMatchObject({ kind: "data", data: '{"b"', isCut: true });
  });

  test("nothing is left of a stream that ended with a blank line", () => {
    expect(restOfSse(readSse(startSse(), bytes("data: a\n\n"))[0])).toBeUndefined();
  });

  test("what is kept for later is a copy: the caller may use its buffer again", () => {
    const chunk = bytes("data: abc");
    const [state] = readSse(startSse(), chunk);
    chunk.fill(0x78);
    expect(payloads(readSse(state, bytes("\n\n"))[1])).toEqual(["abc"]);
  });

  test("a frame over the bound fails, whether it ends or not, and nothing more is read", () => {
    const big = Buffer.alloc(frameBytesMax, 0x61);
    for (const chunks of [
      [bytes("data: "), big],
      [bytes("data: "), big, bytes("\n\n")],
      [Buffer.concat([bytes("data: "), big, bytes("\n\n")])],
    ]) {
      const { state, frames } = readAll([bytes("data: first\n\n"), ...chunks, bytes("data: after\n\n")]);
      expect(state.failure).toMatchObject({ kind: "malformed-answer" });
      expect(payloads(frames)).toEqual(["first"]);
    }
  });

  test("a frame of the largest size is read", () => {
    const data = "a".repeat(frameBytesMax - "data: \n\n".length);
    expect(payloads(readAll([bytes(sseFrame(data))]).frames)).toEqual([data]);
  });

  test("a frame of too many lines fails", () => {
    const { state, frames } = readAll([bytes("data:\n".repeat(frameLinesMax + 1))]);
    expect(state.failure?.message).toContain(`${frameLinesMax} lines`);
    expect(frames).toEqual([]);
  });

  test("a large frame in tiny chunks is read in time proportional to its size", () => {
    const body = bytes(sseFrame("é".repeat(200_000)));
    const { frames } = readAll(Array.from(body, (byte) => Uint8Array.of(byte)));
    expect(payloads(frames)).toEqual(["é".repeat(200_000)]);
  });
});

/** Text near to what streams hold: fields, line ends of each kind, letters of several bytes. */
const stream = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "\r\n\r\n",
        ": ping",
        "data: ",
        "data:",
        "event: e",
        "\uFEFF",
        'data: {"é":1}\n\n',
        "data: \n\n",
      ),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => bytes(pieces.join("")));

/** The payloads, read as the standard says it: line by line, a blank line ends a frame. */
function payloadsByLine(text: string) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const whole: string[] = [];
  let data: string[] = [];
  // Behind the last line end begins a line that is none yet.
  const unended = lines.pop();
  for (const line of lines) {
    if (line === "" && data.length > 0) whole.push(data.join("\n"));
    if (line === "") data = [];
    else if (/^data(:|$)/.test(line)) data.push(line.replace(/^data:? ?/, ""));
  }
  return { whole, rest: unended === "" ? data[0] : unended };
}

function cut(whole: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [
    0,
    ...at.map((place) => place % (whole.length + 1)).toSorted((a, b) => a - b),
    whole.length,
  ];
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}

describe("any cut of the bytes", () => {
  test("gives the same frames and the same end", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(500), { maxLength: 12 }), (whole, at) => {
        const { frames, truncated } = readAll([whole]);
        const again = readAll(cut(whole, at));
        expect(again.frames).toEqual(frames);
        expect(again.truncated).toBe(truncated);
      }),
      { numRuns: 500 },
    );
  });

  test("gives what reading the lines of the whole text gives", () => {
    fc.assert(
      fc.property(stream, (whole) => {
        const { frames, truncated } = readAll([whole]);
        const read = payloads(frames).filter((data) => data !== undefined);
        const { whole: expected, rest } = payloadsByLine(whole.toString("utf8"));
        expect(read).toEqual(expected);
        if (rest !== undefined) expect(truncated).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("what is written is read back", () => {
    const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(payloads(readAll(lines.map((text) => bytes(sseFrame(text)))).frames)).toEqual(lines);
      }),
    );
  });
});
