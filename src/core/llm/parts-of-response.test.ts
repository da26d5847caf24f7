import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOfResponse } from "./parts-of-response.ts";
import { ResponseCollector } from "./response-collector.ts";
import type { ChatResponse } from "./response.ts";

const text = fc.string({ minLength: 1 });
const part = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text }),
  fc.record({ type: fc.constant("thinking" as const), text }),
  fc.record({ type: fc.constant("refusal" as const), text }),
  fc.record({ type: fc.constant("tool-call" as const), id: text, name: text, argumentsJson: fc.json() }),
  fc.record({
    type: fc.constant("media" as const),
    kind: fc.constant("image" as const),
    source: fc.record({ type: fc.constant("inline" as const), base64: text }),
  }),
);
const finish = fc.constant({ reason: "stop" as const, raw: "stop" });
const usage = fc.record({
  inputTokens: fc.nat(),
  cachedInputTokens: fc.nat(),
  toolInputTokens: fc.nat(),
  outputTokens: fc.nat(),
  thinkingTokens: fc.nat(),
});

/** Texts of one kind that follow each other come as one: a stream has no border between them. */
const parts = fc
  .array(part, { maxLength: 6 })
  .map((all) => all.filter(({ type }, at) => type === "tool-call" || type !== all[at - 1]?.type));
const response: fc.Arbitrary<ChatResponse> = fc
  .record({ id: text, model: text, answers: fc.array(fc.record({ parts, finish }), { maxLength: 3 }), usage })
  .map(({ answers, ...rest }) => ({
    ...rest,
    candidates: answers.map((answer, index) => ({ index, ...answer })),
  }));

test("an answer taken apart and put together again is the same", () => {
  fc.assert(
    fc.property(response, (whole) => {
      const collector = new ResponseCollector(1_000_000);
      for (const one of partsOfResponse(whole)) collector.add(one);
      expect(collector.response()).toEqual(whole);
    }),
  );
});
