import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerContext } from "#core/dialects/dialect.ts";
import { isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Part } from "#core/llm/message.ts";
import { ResponseCollector } from "#core/llm/response-collector.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { responsesRequests } from "../../../../test/support/responses-requests.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodePart, endStream } from "./encode-stream.ts";
import { encodeResponse } from "./encode-response.ts";
import { startStream } from "./stream-state.ts";
import { threads } from "./threads.ts";

function contextOf(responseId: string): AnswerContext {
  return { responseId, model: "route", createdSeconds: 7, nowSeconds: () => 7, includeUsage: true };
}

function answer(parts: readonly Part[]): ChatResponse {
  return { candidates: [{ index: 0, parts, finish: { reason: "stop", raw: "STOP" } }] };
}

/** What a model may say, with signatures where Gemini has them. */
const signed = fc.option(fc.base64String({ minLength: 4, maxLength: 8 }), { nil: undefined });
const parts: fc.Arbitrary<readonly Part[]> = fc
  .array(
    fc.oneof(
      fc.record({ type: fc.constantFrom("text", "thinking"), text: fc.string(), signed }),
      fc.record({
        type: fc.constant("tool-call" as const),
        id: fc.option(fc.uuid()),
        name: fc.string(),
        signed,
      }),
      fc.record({ type: fc.constant("refusal" as const), text: fc.string() }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.map(partOf));

function partOf(made: {
  readonly type: "text" | "thinking" | "tool-call" | "refusal";
  readonly text?: string;
  readonly name?: string;
  readonly id?: string | null;
  readonly signed?: string | undefined;
}): Part {
  const signature = made.signed === undefined ? {} : { thoughtSignature: made.signed };
  const { type, text = "", name = "", id } = made;
  if (type === "refusal") return { type, text };
  if (type !== "tool-call") return { type, text, ...signature };
  return { type, name, argumentsJson: '{"a":1}', ...(typeof id === "string" && { id }), ...signature };
}

const exchanges = fc.array(fc.record({ body: responsesRequests, parts }), { minLength: 1, maxLength: 3 });

/** The items of a body, as a client that sends them itself has them. */
function inputOf(body: JsonObject): readonly Json[] {
  const { input } = body;
  return isList(input) ? input : [{ type: "message", role: "user", content: input ?? "" }];
}

describe("a request that goes on from earlier turns", () => {
  test("law: is the one whose client sends all their items itself", () => {
    fc.assert(
      fc.property(exchanges, responsesRequests, (earlier, { previous_response_id: _none, ...body }) => {
        const turns = earlier.flatMap(({ body: request, parts: said }, index) => {
          const exchange = {
            responseId: `a-${index}`,
            request: { ...request, store: true },
            response: answer(said),
          };
          return threads.readTurn(exchange) ?? [];
        });
        expect(turns).toHaveLength(earlier.length);
        const given = earlier.flatMap(({ body: request, parts: said }, index) => [
          ...inputOf(request),
          ...outputOf(encodeResponse(answer(said), contextOf(`a-${index}`))),
        ]);
        const byHand = decodeRequest({ ...body, input: [...given, ...inputOf(body)] });
        expect(threads.decodeRequest(body, turns)).toEqual(byHand);
      }),
      { numRuns: 300 },
    );
  });

  test("law: is the same whether its client was answered whole or by a stream", () => {
    fc.assert(
      fc.property(fc.array(deltas(), { minLength: 1, maxLength: 8 }), (streamed) => {
        const all: readonly StreamPart[] = [{ type: "response-start" }, ...streamed.flat(), finish];
        const collector = new ResponseCollector(1_000_000);
        for (const part of all) collector.add(part);
        const turn = threads.readTurn({
          responseId: "a",
          request: { input: "x" },
          response: collector.response(),
        });
        const shown = [{ role: "user", content: "x" }, ...outputOf(lastEvent(all))];
        const next = { model: "route", input: "next" };
        expect(threads.decodeRequest(next, turn ? [turn] : [])).toEqual(
          threads.decodeRequest(next, [{ items: shown }]),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("keeps what it says of itself, and repeats no instructions of before", () => {
    const request = { input: "one", instructions: "Be long", previous_response_id: "b" };
    const turn = threads.readTurn({
      responseId: "a",
      request,
      response: answer([{ type: "text", text: "1" }]),
    });
    expect(turn?.previousId).toBe("b");
    const read = threads.decodeRequest(
      { model: "r", input: "two", instructions: "Be brief", previous_response_id: "a", store: false },
      turn ? [turn] : [],
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        messages: [
          { role: "system", parts: [{ text: "Be brief" }] },
          { role: "user", parts: [{ text: "one" }] },
          { role: "assistant", parts: [{ text: "1" }] },
          { role: "user", parts: [{ text: "two" }] },
        ],
        thread: { previousId: "a", isStored: false },
      },
    });
  });

  test.each<[string, Json, Part]>([
    ["was not to be stored", { input: "x", store: false }, { type: "text", text: "1" }],
    ["is none", "text", { type: "text", text: "1" }],
    [
      "was answered with a picture",
      { input: "x" },
      { type: "media", kind: "image", source: { type: "inline", base64: "QUJD" } },
    ],
  ])("cannot go on from one that %s", (_why, request, part) => {
    expect(threads.readTurn({ responseId: "a", request, response: answer([part]) })).toBeUndefined();
  });
});

const finish: StreamPart = { type: "finish", candidate: 0, finish: { reason: "stop", raw: "STOP" } };

/** Words and calls as they come in a stream, each call with its arguments. */
function deltas(): fc.Arbitrary<readonly StreamPart[]> {
  const words = fc.record({
    kind: fc.constantFrom("text-delta", "thinking-delta"),
    text: fc.string(),
    signed,
  });
  return fc.oneof(
    words.map(({ kind, text, signed: signature }) => [
      { type: kind, candidate: 0, text, ...(signature !== undefined && { thoughtSignature: signature }) },
    ]),
    fc
      .record({ name: fc.string(), signed, toolCall: fc.nat() })
      .map(({ name, signed: signature, toolCall }) => [
        {
          type: "tool-call-start",
          candidate: 0,
          toolCall,
          id: `c-${toolCall}`,
          name,
          ...(signature !== undefined && { thoughtSignature: signature }),
        },
        { type: "tool-call-delta", candidate: 0, toolCall, argumentsJson: "{}" },
      ]),
  ) as fc.Arbitrary<readonly StreamPart[]>;
}

/** The whole answer that a stream ends with. */
function lastEvent(all: readonly StreamPart[]): JsonObject {
  let state = startStream(contextOf("a"));
  for (const part of all) [state] = encodePart(state, part);
  const last = endStream(state).at(-1) ?? "{}";
  // We wrote it: an event with the response in it.
  return (JSON.parse(last) as { readonly response: JsonObject }).response;
}

function outputOf({ output }: JsonObject): readonly JsonObject[] {
  // What our encoder writes: a list of items.
  return (isList(output) ? output : []) as readonly JsonObject[];
}
