import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** A Gemini model that tells log probabilities and gives several answers, and an OpenAI-compatible one. */
const models = ["gemini-3.5-flash-lite", "compatible"];

let signalbox: TestSignalbox;
let openai: OpenAI;
let google: GoogleGenAI;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  openai = new OpenAI({ apiKey: "unused", baseURL: `${signalbox.url}/v1` });
  google = new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: signalbox.url } });
});

afterAll(() => signalbox.close());

const say = "[[say:forty levers]]";

describe.each(models)("OpenAI's client, %s", (model) => {
  const asked = {
    model,
    messages: [{ role: "user", content: say }],
    logprobs: true,
    top_logprobs: 3,
    n: 2,
  } as const;

  test("gets log probabilities of each of two answers", async () => {
    const { choices } = await openai.chat.completions.create({ ...asked, messages: [...asked.messages] });
    expect(choices.map(({ index }) => index)).toEqual([0, 1]);
    for (const { logprobs, message } of choices) {
      expect(message.content).toBe("forty levers");
      expect(logprobs?.content?.map(({ token }) => token).join("")).toBe("forty levers");
      expect(logprobs?.content?.every(({ top_logprobs: top }) => top.length === 3)).toBe(true);
    }
  });

  test("gets the same of a stream", async () => {
    const stream = await openai.chat.completions.create({
      ...asked,
      messages: [...asked.messages],
      stream: true,
    });
    const tokens = ["", ""];
    const texts = ["", ""];
    for await (const { choices } of stream) {
      for (const { index, delta, logprobs } of choices) {
        texts[index] += delta.content ?? "";
        tokens[index] += logprobs?.content?.map(({ token }) => token).join("") ?? "";
      }
    }
    expect(texts).toEqual(["forty levers", "forty levers"]);
    expect(tokens).toEqual(texts);
  });
});

describe.each(models)("Google's client, %s", (model) => {
  const config = { responseLogprobs: true, logprobs: 2, candidateCount: 2 };

  test("gets log probabilities of each of two answers", async () => {
    const { candidates = [] } = await google.models.generateContent({ model, contents: say, config });
    expect(candidates).toHaveLength(2);
    for (const { logprobsResult, avgLogprobs } of candidates) {
      const chosen = logprobsResult?.chosenCandidates?.map((one) => one.token).join("");
      expect(chosen).toBe("forty levers");
      expect(logprobsResult?.topCandidates?.every((top) => top.candidates?.length === 2)).toBe(true);
      expect(avgLogprobs).toBeLessThanOrEqual(0);
    }
  });

  test("gets the same of a stream", async () => {
    const stream = await google.models.generateContentStream({ model, contents: say, config });
    const tokens = ["", ""];
    for await (const chunk of stream) {
      for (const { index = 0, logprobsResult } of chunk.candidates ?? []) {
        tokens[index] += logprobsResult?.chosenCandidates?.map((one) => one.token).join("") ?? "";
      }
    }
    expect(tokens).toEqual(["forty levers", "forty levers"]);
  });
});

test("a model that has neither refuses both in words", async () => {
  const asked = { model: "gemini-3.8-flash", messages: [{ role: "user" as const, content: "hi" }] };
  await expect(openai.chat.completions.create({ ...asked, n: 2 })).rejects.toThrow(
    'Cannot send "n" to Gemini: gemini-3.8-flash gives one answer to a request',
  );
  await expect(openai.chat.completions.create({ ...asked, logprobs: true })).rejects.toThrow(
    "Logprobs is not enabled for models/gemini-3.8-flash",
  );
});
