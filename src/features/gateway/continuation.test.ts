import { describe, expect, test } from "vitest";
import { gemini } from "#core/dialects/gemini/gemini.ts";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { continuationsMax } from "#features/gateway/continuation.ts";
import { bodyText } from "../../../test/support/fake-upstream.ts";
import {
  counts,
  dialects,
  model,
  piece,
  settled,
  stops,
  stream,
  streamed,
  twoDeployments,
} from "../../../test/support/two-deployments.ts";

const goesOn = (continuationToken: string) => ({ finishReason: "CONTINUATION", continuationToken });

describe.each(dialects)("an answer in pieces, to a client that speaks $name", ({ dialect }) => {
  const stop = dialect.name === "gemini" ? "STOP" : "stop";

  test("is asked for with the same body and each token, at the same deployment, and streams as one", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("One ", {}), piece("two ", goesOn("token-1")));
    await settled();
    expect(client.ending).toBeUndefined();
    stream(upstream, piece("three ", {}, counts(14, 1)), piece("four ", goesOn("token-2"), counts(14, 2)));
    await settled();
    stream(upstream, piece("five", stops, counts(16, 1)));
    await done;
    const [first, second, third] = upstream.calls.map(({ call }) => ({
      url: call.url,
      body: JSON.parse(bodyText(call.body)) as Record<string, unknown>,
    }));
    expect(second).toEqual({ ...first, body: { continuationToken: "token-1", ...first?.body } });
    expect(third).toEqual({ ...first, body: { continuationToken: "token-2", ...first?.body } });
    expect(streamed(client, dialect)).toEqual({
      text: "One two three four five",
      ends: [stop],
      promptTokens: "40",
    });
    expect(client.text).not.toContain("token-1");
    expect(client.text).not.toContain("theirs");
    expect(client.ending).toBe("end");
    expect(records[0]).toMatchObject({
      outcome: "completed",
      finishReason: "stop",
      usage: { inputTokens: 40, outputTokens: 7 },
      cost: { picoDollars: 40 * 10 + 7 * 100, estimated: false, unpricedAttempts: 0 },
    });
    expect(records[0]?.attempts.map(({ deployment: name, continues }) => [name, continues])).toEqual([
      ["first", undefined],
      ["first", true],
      ["first", true],
    ]);
  });

  test("comes whole where it is asked for whole", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(false);
    upstream.answer(200, piece("One ", goesOn("token-1")));
    await settled();
    expect(client.status).toBeUndefined();
    upstream.answer(200, piece("two", stops, counts(14, 1)));
    await done;
    const answer: unknown = JSON.parse(client.text);
    expect(answer).toMatchObject(
      dialect.name === "gemini"
        ? {
            candidates: [{ content: { parts: [{ text: "One two" }] }, finishReason: "STOP" }],
            usageMetadata: { promptTokenCount: 24, candidatesTokenCount: 5, totalTokenCount: 29 },
          }
        : {
            choices: [{ message: { content: "One two" }, finish_reason: "stop" }],
            usage: { prompt_tokens: 24, completion_tokens: 5, total_tokens: 29 },
          },
    );
    expect(client.headers["x-signalbox-attempts"]).toBe("2");
    expect(client.headers["content-length"]).toBe(String(Buffer.byteLength(client.text)));
    expect(records[0]?.usage).toMatchObject({ inputTokens: 24, outputTokens: 5 });
  });

  test("that breaks within a later piece ends the stream with an error, and nobody else is asked", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    upstream.startStream();
    upstream.frames(piece("two ", {}));
    upstream.last.listener.failed("reset", "gone");
    await done;
    expect(upstream.calls).toHaveLength(2);
    expect(client.ending).toBe("broken-off");
    expect(client.text).toContain('"error"');
    expect(streamed(client, dialect).ends).toEqual([]);
    expect(records[0]).toMatchObject({ outcome: "failed", status: 200, errorCode: "upstream-failed" });
  });

  test("is asked for once more where a piece did not begin, after a pause", async () => {
    const { time, upstream, client, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
    await settled();
    expect(upstream.calls).toHaveLength(2);
    time.advance(2_000);
    await settled();
    expect(bodyText(upstream.last.call.body)).toContain("token-1");
    stream(upstream, piece("two", stops));
    await done;
    expect(streamed(client, dialect)).toMatchObject({ text: "One two", ends: [stop] });
  });

  test("ends the stream with an error where a piece does not begin a second time either", async () => {
    const { time, upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    for (const _try of [1, 2]) {
      await settled();
      upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
      await settled();
      time.advance(2_000);
    }
    await done;
    expect(upstream.calls).toHaveLength(3);
    expect(client.ending).toBe("broken-off");
    expect(records[0]).toMatchObject({ outcome: "failed", status: 200, errorCode: "overloaded" });
  });

  test("whose later piece fails is asked of the fallback, from the beginning, where none of it was shown", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(false);
    upstream.answer(200, piece("One ", goesOn("token-1")));
    await settled();
    upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
    await settled();
    expect(bodyText(upstream.last.call.body)).not.toContain("token-1");
    upstream.answer(200, piece("All of it", stops));
    await done;
    expect(client.headers["x-signalbox-deployment"]).toBe("second");
    expect(client.text).toContain("All of it");
    expect(client.text).not.toContain("One ");
    expect(records[0]).toMatchObject({ outcome: "completed", usage: { inputTokens: 10 } });
    expect(records[0]?.attempts).toHaveLength(3);
  });

  test("is continued within the request's time only", async () => {
    const { time, upstream, client, records, ask } = twoDeployments({
      dialect,
      deadlines: { totalMs: 1_000 },
    });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    time.advance(1_000);
    await done;
    expect(upstream.last.aborted).toBe(true);
    expect(client.ending).toBe("broken-off");
    expect(records[0]?.errorCode).toBe("upstream-timeout");
  });

  test("is no more asked for when the client has gone away", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    client.leave();
    await done;
    expect(upstream.last.aborted).toBe(true);
    expect(records[0]).toMatchObject({ outcome: "aborted", status: 200 });
    expect(records[0]?.attempts).toHaveLength(2);
  });

  test("that thinks for a whole piece commits to nothing: another deployment may still take over", async () => {
    const { upstream, client, ask } = twoDeployments({ dialect });
    const done = ask(true);
    stream(upstream, piece("", goesOn("token-1")));
    await settled();
    expect(client.status).toBeUndefined();
    upstream.answer(503, { error: { code: 503, message: "busy", status: "UNAVAILABLE" } });
    await settled();
    stream(upstream, piece("All of it", stops));
    await done;
    expect(client.headers["x-signalbox-deployment"]).toBe("second");
    expect(streamed(client, dialect)).toMatchObject({ text: "All of it", ends: [stop] });
  });

  test("calls its tools once each, whichever piece they are in", async () => {
    const { upstream, client, records, ask } = twoDeployments({ dialect });
    const done = ask(true);
    const call = (city: string) => ({ functionCall: { name: "weather", args: { city } } });
    const withCall = (city: string, ending: object) => ({
      candidates: [{ content: { role: "model", parts: [call(city)] }, ...ending, index: 0 }],
      ...counts(10, 4),
    });
    stream(upstream, withCall("Oslo", goesOn("token-1")));
    await settled();
    stream(upstream, withCall("Rome", stops));
    await done;
    expect(records[0]?.finishReason).toBe("tool-calls");
    if (dialect.name === "gemini") expect(client.text.match(/"functionCall"/g)).toHaveLength(2);
    else expect(client.text).toMatch(/"index":0,"id".*"index":1,"id"/s);
  });
});

describe("an answer in pieces is given on as it is", () => {
  test("to a client that asks for the pieces itself", async () => {
    const { upstream, client, ask } = twoDeployments({ dialect: gemini });
    const done = ask(true, { continuationToken: "token-0" });
    stream(upstream, piece("two ", goesOn("token-1")));
    await done;
    expect(upstream.calls).toHaveLength(1);
    expect(client.payloads).toMatchObject([{ candidates: [goesOn("token-1")] }]);
  });

  test("where the provider sends the token that it was asked with", async () => {
    const { upstream, client, ask } = twoDeployments({ dialect: gemini });
    const done = ask(true);
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    stream(upstream, piece("", goesOn("token-1")));
    await done;
    expect(upstream.calls).toHaveLength(2);
    expect(streamed(client, gemini).ends).toEqual(["CONTINUATION"]);
  });

  test("where it is as long as the client allows", async () => {
    const { upstream, client, ask } = twoDeployments({ dialect: openaiChat });
    const done = ask(true, { max_tokens: 8 });
    stream(upstream, piece("One ", goesOn("token-1")));
    await settled();
    stream(upstream, piece("two ", goesOn("token-2")));
    await done;
    expect(upstream.calls).toHaveLength(2);
    expect(streamed(client, openaiChat).ends).toEqual(["length"]);
  });

  test.each([true, false])(
    "where its rest could cost more than the request may (stream: %s)",
    async (isStream) => {
      // A prompt token is 10, an answer token 100.
      const { upstream, client, records, ask } = twoDeployments({
        dialect: openaiChat,
        resilience: { costMax: 1_400 },
      });
      const done = ask(isStream, { max_tokens: 9 });
      const play = (text: string, token: string, usage: ReturnType<typeof counts>) =>
        isStream
          ? stream(upstream, piece(text, goesOn(token), usage))
          : upstream.answer(200, piece(text, goesOn(token), usage));
      // 500 are spent. The call for the rest reads 14 tokens and may bring 5 more: 640.
      play("One ", "token-1", counts(10, 4));
      await settled();
      // It read more than that, 94: 1,540 are spent, and nothing is left.
      play("two ", "token-2", counts(94, 1));
      await done;
      expect(upstream.calls).toHaveLength(2);
      expect(records[0]).toMatchObject({ outcome: "completed", cost: { picoDollars: 500 + 1_040 } });
      if (isStream)
        expect(streamed(client, openaiChat)).toMatchObject({ text: "One two ", ends: ["length"] });
      else expect(client.text).toContain('"finish_reason":"length"');
    },
  );

  test("after as many pieces as the model's window can hold", async () => {
    const { upstream, client, ask } = twoDeployments({ dialect: openaiChat });
    const done = ask(false);
    for (let at = 0; at <= continuationsMax; at += 1) {
      upstream.answer(200, piece("more ", goesOn(`token-${at}`)));
      await settled();
    }
    await done;
    expect(upstream.calls).toHaveLength(1 + continuationsMax);
    expect(JSON.parse(client.text)).toMatchObject({
      choices: [{ message: { content: "more ".repeat(1 + continuationsMax) }, finish_reason: "length" }],
    });
  });
});

test("a passed stream is the provider's, byte for byte, until its answer is parted", async () => {
  const { upstream, client, ask } = twoDeployments({ dialect: gemini });
  const done = ask(true);
  const odd = `{"candidates":[{"content":{"parts":[{"text":"One "}],"role":"model"},"index":0,"x":1.50}],"modelVersion":"${model}"}`;
  upstream.startStream();
  upstream.frames(odd);
  expect(client.text).toBe(`data: ${odd}\n\n`);
  upstream.frames(piece("two ", goesOn("token-1")));
  upstream.last.listener.ended();
  await settled();
  stream(upstream, piece("three", stops));
  await done;
  expect(streamed(client, gemini)).toMatchObject({ text: "One two three", ends: ["STOP"] });
  const last = client.payloads.at(-1);
  expect(last).toMatchObject({ modelVersion: model, usageMetadata: { promptTokenCount: 20 } });
});
