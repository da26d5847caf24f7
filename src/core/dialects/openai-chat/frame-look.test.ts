import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFrame, decodeStreamStart, type DecodeStreamState } from "./decode-stream.ts";

/** Reads the frames one after the other; `forget` has each of them read without what was learned of the others. */
function read(frames: readonly string[], { forget }: { readonly forget: boolean }) {
  let state: DecodeStreamState = decodeStreamStart;
  const parts = frames.map((frame) => {
    const [next, read] = decodeFrame(state, frame);
    state = forget ? { ...next, looks: [] } : next;
    return read;
  });
  return { parts, state };
}

function withoutLooks({ looks: _looks, ...state }: DecodeStreamState) {
  // A candidate that is known and has nothing under way is as one that is not known.
  return {
    ...state,
    candidates: [...state.candidates].filter(([, { calls, inThought }]) => calls.length > 0 || inThought),
  };
}

const chunk = (content: string): string =>
  JSON.stringify({ id: "x", choices: [{ index: 0, delta: { content }, finish_reason: null }] });

describe("frames of one look", () => {
  test("are read without being parsed, from the third on", () => {
    const { state } = read([chunk("a"), chunk("b")], { forget: false });
    expect(state.looks).toHaveLength(1);
    const [next, parts] = decodeFrame(state, chunk('say "é"\n'));
    expect(next).toBe(state);
    expect(parts).toEqual([{ type: "text-delta", candidate: 0, text: 'say "é"\n' }]);
  });

  test("are forgotten when the state changes: a call that has begun may go on in them", () => {
    const { state } = read([chunk("a"), chunk("b")], { forget: false });
    const call = { index: 0, id: "c", function: { name: "f", arguments: "" } };
    const [next] = decodeFrame(
      state,
      JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] }),
    );
    expect(next.looks).toEqual([]);
  });

  test.each([
    ["the text stands in the frame twice", '{"x":"T","choices":[{"delta":{"content":"T"}}]}'],
    ["its key does", '{"choices":[{"delta":{"content":"content"}}]}'],
    ["usage comes with it", '{"choices":[{"delta":{"content":"T"}}],"usage":{"prompt_tokens":1}}'],
    [
      "a call without a name comes with it",
      '{"choices":[{"delta":{"content":"T","tool_calls":[{"index":0}]}}]}',
    ],
  ])("are not learned where %s", (_name, frame) => {
    expect(read([frame, frame, frame], { forget: false }).state.looks).toEqual([]);
  });

  test("law: what is learned of frames changes nothing of what is read", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 16, size: "max" }), (frames) => {
        const learning = read(frames, { forget: false });
        const forgetting = read(frames, { forget: true });
        expect(learning.parts).toEqual(forgetting.parts);
        expect(withoutLooks(learning.state)).toEqual(withoutLooks(forgetting.state));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Texts with what could end or fake one: quotes, escapes, control characters, tags of thoughts, a frame's own words. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "content",
      "<thought>",
      "<thought>x",
      "</thought>",
      "</thought>y",
      '"',
      "\\",
      '","x":"',
      "\u2028",
      "\ud800",
    ),
  },
);

/** The members of a frame that have a text in them; few, so that a stream has many frames of one look. */
const frame = fc.oneof(
  { weight: 6, arbitrary: text.map((content) => ({ delta: { content } })) },
  { weight: 4, arbitrary: text.map((words) => ({ delta: { reasoning_content: words } })) },
  ...[
    text.map((words) => ({ delta: { extra_content: { google: { thought: words } } } })),
    text.map((content) => ({ delta: { content, extra_content: { google: { thought: true } } } })),
    text.map((content) => ({ delta: { content: [{ type: "text", text: content }] } })),
    text.map((content) => ({ delta: { content, reasoning_content: content } })),
    text.map((content) => ({ delta: { content, tool_calls: [{ index: 0, function: { arguments: "{" } }] } })),
    text.map((content) => ({ delta: { content }, logprobs: { content: [content] } })),
    text.map((content) => ({ message: { content } })),
    text.map((refusal) => ({ delta: { refusal } })),
    fc.constant({ delta: { tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "" } }] } }),
    fc.constant({ delta: {}, finish_reason: "stop" }),
  ].map((arbitrary) => ({ weight: 1, arbitrary })),
);

const choice = fc.tuple(fc.constantFrom(0, 0, 0, 1), frame).map(([index, fields]) => ({ index, ...fields }));

const anyFrame = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: choice.map((only) => [only]) },
      { weight: 1, arbitrary: fc.array(choice, { maxLength: 2 }) },
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant({}) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          { system_fingerprint: "T" },
          { usage: { prompt_tokens: 1 } },
          { error: "x" },
        ),
      },
    ),
  )
  .chain(([choices, more]) => {
    const written = JSON.stringify({ id: "x", choices, ...more });
    return fc.oneof(
      { weight: 20, arbitrary: fc.constant(written) },
      { weight: 1, arbitrary: fc.constant(` ${written}\n`) },
      // A character is lost or put in: text that is no JSON, or another.
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.nat(written.length), fc.constantFrom("", '"', "\\", "\n", "x"))
          .map(([at, put]) => written.slice(0, at) + put + written.slice(put === "" ? at + 1 : at)),
      },
    );
  });
