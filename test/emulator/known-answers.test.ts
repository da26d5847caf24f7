import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startEmulatorInWorker, type WorkerEmulator } from "../../emulator/start-in-worker.ts";

const model = "gemini-3.5-flash-lite";
const question = "My card was stolen, what now?";
const labels = ["lost_or_stolen_card", "top_up_failed", "exchange_rate"];

let emulator: WorkerEmulator;
beforeAll(async () => {
  emulator = await startEmulatorInWorker({
    answerKeys: {
      questions: [{ question, answer: "lost_or_stolen_card" }],
      choices: labels,
      skills: { [model]: 1, "open-small": 1 },
    },
  });
});
afterAll(() => emulator.close());

const geminiAnswer = z.looseObject({
  candidates: z.tuple([
    z.object({ content: z.object({ parts: z.tuple([z.object({ text: z.string() })]) }) }),
  ]),
  modelVersion: z.string(),
});

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers: { "x-goog-api-key": "test", authorization: "Bearer test" },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function ask(generationConfig: object = {}) {
  const text = `Which label has this message of a customer?\n\n${question}`;
  const said = geminiAnswer.parse(
    await post(`/v1beta/models/${model}:generateContent`, {
      contents: [{ role: "user", parts: [{ text }] }],
      generationConfig: { ...generationConfig, thinkingConfig: { thinkingBudget: 0 } },
    }),
  );
  return { text: said.candidates[0].content.parts[0].text, version: said.modelVersion };
}

test("a known question is answered in the form that is asked for", async () => {
  expect((await ask()).text).toBe("lost_or_stolen_card");
  const label = { type: "STRING", enum: labels };
  expect(await ask({ responseMimeType: "text/x.enum", responseSchema: label })).toMatchObject({
    text: "lost_or_stolen_card",
  });
  const whole = { type: "OBJECT", properties: { label }, required: ["label"] };
  const json = (config: object) => ask({ responseMimeType: "application/json", ...config });
  expect(JSON.parse((await json({ responseSchema: whole })).text)).toEqual({ label: "lost_or_stolen_card" });
  const free = { type: "OBJECT", properties: { label: { type: "STRING" } }, required: ["label"] };
  expect(JSON.parse((await json({ responseSchema: free })).text)).toEqual({ label: "lost_or_stolen_card" });
  expect(JSON.parse((await json({})).text)).toEqual({ answer: "lost_or_stolen_card" });
});

test("the OpenAI face knows it as well", async () => {
  const said = await post("/v1/chat/completions", {
    model: "open-small",
    messages: [{ role: "user", content: question }],
  });
  expect(said).toMatchObject({ choices: [{ message: { content: "lost_or_stolen_card" } }] });
});

test("a model reports another version from one request to the next, and nothing else of it changes", async () => {
  const before = await ask();
  expect(before.version).toBe(model);
  await emulator.reportVersion(model, `${model}-002`);
  expect(await ask()).toEqual({ ...before, version: `${model}-002` });
  await emulator.clearVersions();
  expect(await ask()).toEqual(before);
});

test("versions are told by admin calls, too", async () => {
  const versions = `${emulator.url}/emulator/versions`;
  const told = await fetch(versions, { method: "POST", body: JSON.stringify({ model, version: "v2" }) });
  expect([told.status, await told.json()]).toEqual([201, { versions: { [model]: "v2" } }]);
  expect((await ask()).version).toBe("v2");
  expect(await (await fetch(versions)).json()).toEqual({ versions: { [model]: "v2" } });
  expect((await fetch(versions, { method: "POST", body: JSON.stringify({ model }) })).status).toBe(400);
  await fetch(versions, { method: "DELETE" });
  expect((await ask()).version).toBe(model);
});
