import { expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { WholeAnswerReader } from "#features/gateway/whole-answer.ts";

test("blanks before a body are signs of life, the body begins behind them", () => {
  const bodies: unknown[] = [];
  const accept = ({ json }: { readonly json: unknown }): undefined => void bodies.push(json);
  const reader = new WholeAnswerReader(openaiChat.client, accept, () => 0);
  reader.started(200, {});
  expect(["\n", " \r\n\t", ' {"a"', ": 1}", "\n"].map((text) => reader.data(Buffer.from(text)))).toEqual([
    "nothing",
    "nothing",
    "part",
    "part",
    "part",
  ]);
  expect(reader.ended()).toBeUndefined();
  expect(bodies).toEqual([{ a: 1 }]);
});
