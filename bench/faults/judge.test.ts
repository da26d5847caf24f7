import { describe, expect, test } from "vitest";
import type { Cell, Outcome } from "./cell.ts";
import { judge, outcomeOf } from "./judge.ts";
import { readAnswer, type Seen } from "./read-answer.ts";
import { answerPieces, answerText } from "./upstream/answer-text.ts";
import { wires } from "./upstream/wire.ts";

const { openai } = wires;
const error = { error: { message: "it failed", type: "server_error", code: "upstream_failed" } };

function seenStream(payloads: readonly string[], ended: Seen["ended"] = "properly"): Seen {
  const text = payloads.map((payload) => `data: ${payload}\n\n`).join("");
  const headers = { "content-type": "text/event-stream; charset=utf-8" };
  return { ...readAnswer({ status: 200, headers, text }, true), ended, tookMs: 5 };
}

function seenWhole(status: number, body: unknown, headers: Record<string, string> = {}): Seen {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { ...readAnswer({ status, headers, text }, false), ended: "properly", tookMs: 5 };
}

const content = answerPieces("a").map((piece) => openai.content(piece));
const end = [...openai.finish("stop"), ...openai.done];

describe("a stream", () => {
  test.each<[string, Seen, Outcome]>([
    ["that is whole is answered", seenStream([openai.role(), ...content, ...end]), "answered"],
    ["without a finish reason ends in a lie", seenStream([...content, "[DONE]"]), "fake-clean-end"],
    ["that just ends, too", seenStream(content), "fake-clean-end"],
    ["with a finish too early, too", seenStream([...content.slice(0, 4), ...end]), "fake-clean-end"],
    [
      "with a gap is of no deployment",
      seenStream([...content.slice(0, 4), ...content.slice(8), ...end]),
      "spliced",
    ],
    [
      "of two deployments is spliced",
      seenStream([...content.slice(0, 4), ...answerPieces("b").slice(4).map(openai.content), ...end]),
      "spliced",
    ],
    ["that breaks is broken off", seenStream(content.slice(0, 4), "broken"), "broken-off"],
    [
      "that tells an error does so",
      seenStream([...content.slice(0, 4), JSON.stringify(error)]),
      "error-frame",
    ],
    [
      "that the filter stopped says so",
      seenStream([...content.slice(0, 4), ...openai.finish("filtered"), "[DONE]"]),
      "blocked",
    ],
    ["that does not end hangs", seenStream(content, "never"), "hang"],
  ])("%s", (_, seen, outcome) => {
    expect(outcomeOf(seen, true)).toBe(outcome);
  });
});

describe("a whole answer", () => {
  test.each<[string, Seen, Outcome]>([
    ["is answered", seenWhole(200, openai.whole(answerText("b"), "stop")), "answered"],
    ["that lacks its end is a lie", seenWhole(200, openai.whole("b0 b1", "stop")), "fake-clean-end"],
    ["that is none is a lie", seenWhole(200, "<html>"), "fake-clean-end"],
    ["that is an error with a good status is no typed error", seenWhole(200, error), "untyped-error"],
    ["that is an error is typed", seenWhole(502, error), "typed-error"],
    ["that is a page is no typed error", seenWhole(502, "<html>Bad Gateway</html>"), "untyped-error"],
    [
      "whose error has no word to act on is no typed error",
      seenWhole(502, { error: { message: "no" } }),
      "untyped-error",
    ],
  ])("%s", (_, seen, outcome) => {
    expect(outcomeOf(seen, false)).toBe(outcome);
  });
});

describe("a cell", () => {
  const cell: Cell = {
    id: "429-minute/whole/before/all",
    fault: "429-minute",
    mode: "whole",
    when: "before",
    failing: "all",
    expect: ["typed-error"],
    status: [429],
    retryAfter: true,
    attemptsMax: 2,
  };

  test("holds where all is as wanted", () => {
    expect(judge(cell, seenWhole(429, error, { "retry-after": "38" }), ["a", "b"]).problems).toEqual([]);
  });

  test("does not hold with another status, too long a wait, or too many calls", () => {
    expect(judge(cell, seenWhole(503, error, { "retry-after": "61" }), ["a", "b", "a"]).problems).toEqual([
      "at most 2 calls are wanted, got 3",
      "status 429 is wanted, got 503",
      "retry-after from 1 to 60 s is wanted, got 61",
    ]);
    expect(judge(cell, seenWhole(429, error), []).problems).toHaveLength(1);
  });
});
