import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { betterIn, pairwiseQuestion } from "../../src/core/scoring/judge/pairwise.ts";
import { rubricQuestion, rubricVerdict } from "../../src/core/scoring/judge/rubric.ts";
import type { JudgeQuestion } from "../../src/core/scoring/judge/material.ts";
import { startEmulatorInWorker, type WorkerEmulator } from "../../emulator/start-in-worker.ts";

let emulator: WorkerEmulator;
beforeAll(async () => {
  emulator = await startEmulatorInWorker({
    answerKeys: {
      questions: [{ question: "What is 2 + 2?", answer: "4", choices: ["4", "5"] }],
      skills: {},
      judges: { fair: { accuracy: 1 }, partial: { accuracy: 1, first: 1 } },
      recordings: {
        questions: [
          { question: "Write a list.", models: { "google/flash": { reward: 0.5, cost_usd: 0.001 } } },
        ],
        prices: { "google/flash": { input: 0.3, output: 2.5 } },
      },
    },
  });
});
afterAll(() => emulator.close());

const chat = z.looseObject({
  choices: z.tuple([z.looseObject({ message: z.looseObject({ content: z.string() }) })]),
  usage: z.looseObject({ prompt_tokens: z.int(), completion_tokens: z.int() }),
});

async function post(body: object) {
  const response = await fetch(`${emulator.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer test" },
    body: JSON.stringify(body),
  });
  return chat.parse(await response.json());
}

async function judged(model: string, { instructions, material, schema }: JudgeQuestion): Promise<string> {
  const { choices } = await post({
    model,
    messages: [
      { role: "system", content: instructions },
      { role: "user", content: material },
    ],
    response_format: { type: "json_schema", json_schema: { name: "verdict", strict: true, schema } },
  });
  return choices[0].message.content;
}

const conversation = "[user]\nWhat is 2 + 2?";

test("judges understand what Signalbox asks judges, and answer so that it understands them", async () => {
  const pair = (a: string, b: string) => pairwiseQuestion("it is right", { conversation, a, b });
  expect(betterIn(await judged("fair", pair("It is 4.", "It is 5.")))).toBe("A");
  expect(betterIn(await judged("fair", pair("It is 5.", "It is 4.")))).toBe("B");
  expect(betterIn(await judged("fair", pair("It is 6.", "It is 5.")))).toBe("tie");
  expect(betterIn(await judged("partial", pair("It is 5.", "It is 4.")))).toBe("A");
  const scales = [
    { kind: "pass" },
    { kind: "points", least: 1, most: 10 },
    { kind: "grades", worth: new Map(Object.entries({ right: 1, partly: 0.5, wrong: 0 })) },
  ] as const;
  for (const scale of scales) {
    for (const [answer, value] of [["It is 4.", 1] as const, ["It is 5.", 0] as const]) {
      const said = await judged("fair", rubricQuestion("it is right", scale, { conversation, answer }));
      expect(rubricVerdict(said, scale)).toMatchObject({ ok: true, value: { value } });
    }
  }
});

test("a recorded answer costs what was recorded, at its model's price", async () => {
  const { choices, usage } = await post({
    model: "google/flash",
    messages: [{ role: "user", content: "Write a list." }],
  });
  expect(choices[0].message.content).toMatch(/^Recorded reward 0\.5\. /);
  const costUsd = (usage.prompt_tokens * 0.3 + usage.completion_tokens * 2.5) / 1e6;
  expect(Math.abs(costUsd - 0.001)).toBeLessThan(2.5e-6);
});
