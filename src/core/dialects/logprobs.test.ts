import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AnswerContext, Dialect } from "#core/dialects/dialect.ts";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { PositionLogprobs } from "#core/llm/logprobs.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import { relayed } from "../../../test/support/relayed.ts";

const context: AnswerContext = {
  responseId: "r",
  model: "m",
  createdSeconds: 1,
  nowSeconds: () => 1,
  includeUsage: false,
};
const finish = { reason: "stop", raw: "stop" } as const;
const token = fc.record({
  token: fc.string({ minLength: 1, maxLength: 4 }),
  logprob: fc.double({ min: -20, max: 0, noNaN: true }).map((value) => value + 0),
});
const positions = fc.array(
  fc
    .tuple(token, fc.array(token, { maxLength: 3 }))
    .map(([said, alternatives]): PositionLogprobs => ({ ...said, alternatives })),
  { minLength: 1, maxLength: 4 },
);

/** Two candidates: each keeps its own. */
function answerOf(first: readonly PositionLogprobs[], second: readonly PositionLogprobs[]): ChatResponse {
  return {
    candidates: [first, second].map((logprobs, index) => ({
      index,
      parts: [{ type: "text", text: `words ${index}` }],
      finish,
      logprobs,
    })),
  };
}

describe.each<readonly [string, Dialect, Dialect]>([
  ["OpenAI's client before Gemini", openaiChat, gemini],
  ["Gemini's client before an OpenAI-compatible server", gemini, openaiChat],
  ["OpenAI's client before an OpenAI-compatible server", openaiChat, openaiChat],
  ["Gemini's client before Gemini", gemini, gemini],
])("%s", (_name, clientSide, upstreamSide) => {
  test("law: log probabilities of each candidate of a whole answer are those that the model told", () => {
    fc.assert(
      fc.property(positions, positions, (first, second) => {
        const upstreamBody = upstreamSide.server.encodeResponse(answerOf(first, second), context);
        const inside = decoded(upstreamSide, upstreamBody);
        const seen = decoded(clientSide, clientSide.server.encodeResponse(inside, context));
        expect(seen.candidates.map(({ logprobs }) => logprobs)).toEqual([first, second]);
        expect(seen.candidates.map(({ parts }) => parts)).toMatchObject([
          [{ text: "words 0" }],
          [{ text: "words 1" }],
        ]);
      }),
    );
  });

  test("law: those of a stream come in their order, behind the words of their candidate", () => {
    fc.assert(
      fc.property(positions, positions, (first, second) => {
        const stream: readonly StreamPart[] = [
          { type: "response-start" },
          { type: "text-delta", candidate: 0, text: "one" },
          { type: "logprobs", candidate: 0, positions: first },
          { type: "text-delta", candidate: 1, text: "two" },
          { type: "logprobs", candidate: 1, positions: second },
          { type: "finish", candidate: 0, finish },
          { type: "finish", candidate: 1, finish },
        ];
        const seen = relayed(clientSide, relayed(upstreamSide, stream, context), context);
        expect(seen.filter((part) => part.type === "logprobs")).toEqual(
          stream.filter((part) => part.type === "logprobs"),
        );
      }),
    );
  });
});

test("OpenAI's shape is read and written: bytes, alternatives, and null where nobody asked", () => {
  const body = {
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Hi" },
        finish_reason: "stop",
        logprobs: {
          content: [
            {
              token: "Hi",
              logprob: -0.5,
              bytes: [72, 105],
              top_logprobs: [{ token: "Hey", logprob: -1, bytes: null }],
            },
          ],
          refusal: null,
        },
      },
    ],
  };
  const answer = decoded(openaiChat, body);
  expect(answer.candidates[0]?.logprobs).toEqual([
    { token: "Hi", logprob: -0.5, bytes: [72, 105], alternatives: [{ token: "Hey", logprob: -1 }] },
  ]);
  expect(answer.candidates[0]).not.toHaveProperty("extra");
  expect(openaiChat.server.encodeResponse(answer, context)).toMatchObject({ choices: body.choices });
});

test("Gemini's shape is read and written: token ids, the sum and the mean", () => {
  const logprobsResult = {
    topCandidates: [
      { candidates: [{ token: "Hi", tokenId: 7, logProbability: -0.5 }] },
      { candidates: [{ token: "!", tokenId: 8, logProbability: -1.5 }] },
    ],
    chosenCandidates: [
      { token: "Hi", tokenId: 7, logProbability: -0.5 },
      { token: "!", tokenId: 8, logProbability: -1.5 },
    ],
    logProbabilitySum: -2,
  };
  const content = { role: "model", parts: [{ text: "Hi!" }] };
  const candidates = [{ content, finishReason: "STOP", avgLogprobs: -1, logprobsResult, index: 0 }];
  const answer = decoded(gemini, { candidates });
  expect(answer.candidates[0]).not.toHaveProperty("extra");
  expect(gemini.server.encodeResponse(answer, context)).toMatchObject({ candidates });
});

test.each<readonly [string, Dialect, JsonObject]>([
  [
    "OpenAI's",
    openaiChat,
    {
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: "Hi" },
          finish_reason: "stop",
          logprobs: { content: [{ token: "Hi", logprob: "likely" }] },
        },
      ],
    },
  ],
  [
    "Gemini's",
    gemini,
    {
      candidates: [
        {
          content: { role: "model", parts: [{ text: "Hi" }] },
          finishReason: "STOP",
          logprobsResult: { chosenCandidates: [{ token: "Hi", surprise: 1, logProbability: "likely" }] },
        },
      ],
    },
  ],
])("%s of another shape stay a field of that dialect, and come back as they came", (_name, dialect, body) => {
  const answer = decoded(dialect, body);
  expect(answer.candidates[0]).not.toHaveProperty("logprobs");
  expect(answer.candidates[0]?.extra?.dialect).toBe(dialect.name);
  expect(dialect.server.encodeResponse(answer, context)).toMatchObject(body);
});

function decoded(dialect: Dialect, body: JsonObject): ChatResponse {
  const answer = dialect.client.decodeResponse(body);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}
