import { describe, expect, test } from "vitest";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { bodyText, type FakeUpstream } from "../../../test/support/fake-upstream.ts";
import {
  counts,
  dialects,
  piece,
  settled,
  stops,
  stream,
  streamed,
  twoDeployments,
  type TwoDeployments,
} from "../../../test/support/two-deployments.ts";

const able = { acceptsPrefill: true, prefill: "last-turn" } as const;

/** A gateway whose route has broken streams gone on with, over two deployments that can. */
function resuming(wanted: TwoDeployments) {
  return twoDeployments({
    models: [able, able],
    ...wanted,
    resilience: { resumes: true, ...wanted.resilience },
  });
}

/** Plays the beginning of a stream that then breaks. */
async function breaking(upstream: FakeUpstream, ...frames: readonly object[]): Promise<void> {
  upstream.startStream();
  upstream.frames(...frames);
  upstream.last.listener.failed("reset", "gone");
  await settled();
}

/** What the newest call asks. */
function asked(upstream: FakeUpstream) {
  return JSON.parse(bodyText(upstream.last.call.body)) as {
    readonly contents: readonly {
      readonly role: string;
      readonly parts: readonly { readonly text: string }[];
    }[];
    readonly generationConfig?: { readonly maxOutputTokens?: number };
  };
}

const theModels = (text: string) => ({ role: "model", parts: [{ text }] });

describe.each(dialects)("a stream that breaks, to a client that speaks $name", ({ dialect }) => {
  const stop = dialect.name === "gemini" ? "STOP" : "stop";

  test("is gone on with elsewhere from its words, and is one answer with one end", async () => {
    const { upstream, client, records, ask } = resuming({ dialect });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}), piece("two ", {}, counts(10, 4)));
    expect(asked(upstream).contents).toEqual([
      { role: "user", parts: [{ text: "hi" }] },
      theModels("One two "),
    ]);
    stream(upstream, piece("three", stops, counts(14, 1)));
    await done;
    expect(streamed(client, dialect)).toEqual({ text: "One two three", ends: [stop], promptTokens: "24" });
    expect(client.ending).toBe("end");
    expect(client.headers).toMatchObject({
      "x-signalbox-deployment": "first",
      trailer: "x-signalbox-resumed",
    });
    expect(client.trailers).toEqual({ "x-signalbox-resumed": "second" });
    expect(records[0]).toMatchObject({
      outcome: "completed",
      finishReason: "stop",
      decision: { resumed: true, degraded: "fallback" },
      usage: { inputTokens: 24, outputTokens: 5 },
      cost: { picoDollars: 24 * 10 + 5 * 100 },
    });
    expect(records[0]?.attempts).toMatchObject([
      { deployment: "first", outcome: "failed", failure: "reset" },
      { deployment: "second", outcome: "completed", resumes: true },
    ]);
  });

  test("and breaks again is gone on with once more, from all of it", async () => {
    const { time, upstream, client, records, ask } = resuming({ dialect });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}));
    await breaking(upstream, piece("two ", {}));
    time.advance(2_000);
    await settled();
    expect(asked(upstream).contents.at(-1)).toEqual(theModels("One two "));
    stream(upstream, piece("three", stops));
    await done;
    expect(streamed(client, dialect)).toMatchObject({ text: "One two three", ends: [stop] });
    expect(records[0]?.attempts.map(({ resumes }) => resumes)).toEqual([undefined, true, true]);
  });

  test("and is not begun elsewhere either ends with an error, behind all attempts that it may have", async () => {
    const { time, upstream, client, records, ask } = resuming({ dialect });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}));
    for (const _try of [1, 2]) {
      upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
      await settled();
      time.advance(2_000);
      await settled();
    }
    await done;
    expect(upstream.calls).toHaveLength(3);
    expect(client.ending).toBe("broken-off");
    expect(streamed(client, dialect)).toMatchObject({ text: "One ", ends: [] });
    expect(records[0]).toMatchObject({ outcome: "failed", status: 200, errorCode: "overloaded" });
  });

  test("of which only thoughts were shown is begun anew", async () => {
    const { upstream, client, ask } = resuming({ dialect, models: [able] });
    const done = ask(true);
    const thought = { role: "model", parts: [{ text: "Well", thought: true }] };
    await breaking(upstream, { candidates: [{ content: thought, index: 0 }], ...counts(10, 0) });
    expect(asked(upstream).contents).toHaveLength(1);
    stream(upstream, piece("All of it", stops));
    await done;
    expect(streamed(client, dialect).text).toContain("All of it");
  });

  test("ends with an error when the request's time is up before the rest is there", async () => {
    const { time, upstream, client, records, ask } = resuming({ dialect, deadlines: { totalMs: 1_000 } });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}));
    time.advance(1_000);
    await done;
    expect(upstream.last.aborted).toBe(true);
    expect(client.ending).toBe("broken-off");
    expect(records[0]?.errorCode).toBe("upstream-timeout");
  });

  test("is no more asked for when the client has gone away", async () => {
    const { upstream, client, records, ask } = resuming({ dialect });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}));
    client.leave();
    await done;
    expect(upstream.last.aborted).toBe(true);
    expect(records[0]).toMatchObject({ outcome: "aborted", status: 200 });
  });
});

describe("the rest of a stream", () => {
  test("has what its beginning left of the bound that the client set", async () => {
    const { upstream, client, ask } = resuming({ dialect: gemini });
    const done = ask(true, { generationConfig: { maxOutputTokens: 10 } });
    await breaking(upstream, piece("One ", {}, counts(10, 4)));
    expect(asked(upstream).generationConfig?.maxOutputTokens).toBe(6);
    stream(upstream, piece("two", stops));
    await done;
    expect(client.ending).toBe("end");
  });

  test("follows behind what the client itself had the answer begin with", async () => {
    const { upstream, ask } = resuming({ dialect: gemini });
    const done = ask(true, { contents: [{ role: "user", parts: [{ text: "hi" }] }, theModels("Zero ")] });
    await breaking(upstream, piece("one ", {}));
    expect(asked(upstream).contents[1]).toEqual({
      role: "model",
      parts: [{ text: "Zero " }, { text: "one " }],
    });
    stream(upstream, piece("two", stops));
    await done;
  });

  test("is asked for in the provider's way", async () => {
    const models = [able, { acceptsPrefill: true, prefill: "continue-final-message" as const }];
    const { upstream, client, ask } = resuming({ dialect: openaiChat, upstream: openaiChat, models });
    const done = ask(true);
    const words = (content: string, finish_reason: string | null = null) => ({
      choices: [{ index: 0, delta: { content }, finish_reason }],
    });
    await breaking(upstream, words("One "));
    expect(asked(upstream)).toMatchObject({
      messages: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "One " },
      ],
      add_generation_prompt: false,
      continue_final_message: true,
    });
    stream(upstream, words("two", "stop"));
    await done;
    expect(streamed(client, openaiChat)).toMatchObject({ text: "One two", ends: ["stop"] });
  });

  test("comes in pieces where its provider parts it", async () => {
    const { upstream, client, records, ask } = resuming({ dialect: gemini });
    const done = ask(true);
    await breaking(upstream, piece("One ", {}));
    stream(upstream, piece("two ", { finishReason: "CONTINUATION", continuationToken: "token-1" }));
    await settled();
    expect(asked(upstream)).toMatchObject({ continuationToken: "token-1" });
    expect(asked(upstream).contents.at(-1)).toEqual(theModels("One "));
    stream(upstream, piece("three", stops));
    await done;
    expect(streamed(client, gemini)).toMatchObject({ text: "One two three", ends: ["STOP"] });
    expect(client.trailers).toEqual({ "x-signalbox-resumed": "second" });
    expect(records[0]?.attempts).toMatchObject([{}, { resumes: true }, { continues: true }]);
  });

  test("of a parted answer is gone on with from its words where its provider does not give it", async () => {
    const { time, upstream, client, ask } = resuming({ dialect: gemini });
    const done = ask(true);
    stream(upstream, piece("One ", { finishReason: "CONTINUATION", continuationToken: "token-1" }));
    for (const _try of [1, 2]) {
      await settled();
      upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
      await settled();
      time.advance(2_000);
    }
    await settled();
    expect(asked(upstream).contents.at(-1)).toEqual(theModels("One "));
    stream(upstream, piece("two", stops));
    await done;
    expect(streamed(client, gemini)).toMatchObject({ text: "One two", ends: ["STOP"] });
  });
});

describe("a stream that breaks ends with an error, and nobody else is asked", () => {
  const call = { functionCall: { name: "weather", args: { city: "Oslo" } } };
  const calling = { candidates: [{ content: { role: "model", parts: [call] }, index: 0 }], ...counts(10, 4) };

  test.each<[string, TwoDeployments, object, readonly object[]]>([
    ["where the route does not say so", { dialect: gemini, resilience: {} }, {}, [piece("One ", {})]],
    [
      "where nobody is known to go on with an answer",
      { dialect: gemini, models: [], resilience: { resumes: true } },
      {},
      [piece("One ", {})],
    ],
    [
      "where the route has one attempt only",
      { dialect: gemini, resilience: { resumes: true, attemptsMax: 1 } },
      {},
      [piece("One ", {})],
    ],
    [
      "where a tool is called in it",
      { dialect: gemini, resilience: { resumes: true } },
      {},
      [piece("One ", {}), calling],
    ],
    [
      "where its form is enforced",
      { dialect: gemini, resilience: { resumes: true } },
      { generationConfig: { responseMimeType: "application/json" } },
      [piece('{"one":', {})],
    ],
    [
      "where several answers are asked for",
      { dialect: gemini, resilience: { resumes: true } },
      { generationConfig: { candidateCount: 2 } },
      [piece("One ", {})],
    ],
    [
      "where its end is shown",
      { dialect: gemini, resilience: { resumes: true } },
      {},
      [piece("One ", stops)],
    ],
  ])("%s", async (_where, wanted, fields, frames) => {
    const { upstream, client, records, ask } = twoDeployments({ models: [able, able], ...wanted });
    const done = ask(true, fields);
    await breaking(upstream, ...frames);
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.ending).toBe("broken-off");
    expect(client.trailers).toEqual({});
    expect(records[0]).toMatchObject({ outcome: "failed", errorCode: "upstream-failed" });
    expect(records[0]?.decision?.resumed).toBeUndefined();
  });
});

test.each([
  ["a short beginning", 1, 2],
  ["a long one that is read again", 200, 1],
])("what a stream may cost counts its beginning: %s", async (_what, words, calls) => {
  const { upstream, client, ask } = resuming({ dialect: gemini, resilience: { costMax: 2_500 } });
  const done = ask(true, { generationConfig: { maxOutputTokens: 10 } });
  await breaking(upstream, piece("One ".repeat(words), {}, counts(10, 4)));
  expect(upstream.calls).toHaveLength(calls);
  client.leave();
  await done;
});
