import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { runSignalbox } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Answers by model: `good` and `poor` say which they are; `judge` prefers the good one wherever it stands, if asked about the sky. */
function modelServer(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body: unknown = JSON.parse(text);
      const model = isJsonObject(body) && typeof body["model"] === "string" ? body["model"] : "";
      const content = model === "judge" ? judged(text) : `A ${model} answer.`;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({
          id: "a",
          object: "chat.completion",
          model,
          choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
          usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
        }),
      );
    });
  });
}

function judged(prompt: string): string {
  if (prompt.includes("unreadable")) return "I cannot say";
  if (prompt.includes("first one")) return '{"better": "A"}';
  const isGoodFirst = prompt.indexOf("A good answer.") < prompt.indexOf("A poor answer.");
  return JSON.stringify({ better: isGoodFirst ? "A" : "B" });
}

const configuration = (url: string) => `version: 1
providers: { models: { dialect: openai-chat, base_url: "${url}/v1", private_network: true } }
deployments:
  best: { provider: models, model: good, price: { input: $1.00, output: $2.00 } }
  worst: { provider: models, model: poor, price: { input: $1.00, output: $2.00 } }
  arbiter: { provider: models, model: judge, price: { input: $0.10, output: $0.20 } }
variants: { good: { pool: [best] }, poor: { pool: [worst] }, referee: { pool: [arbiter] } }
routes:
  chat: { strategy: { use: poor }, capture: metadata }
  judge: { strategy: { use: referee }, capture: full }
experiments:
  good-or-poor:
    mode: duel
    route: chat
    sample: 100%
    budget: { usd_per_day: 1 }
    variants: [poor, good]
    judge: { route: judge, criteria: The better answer is the good one }
    minimum: { units: 10, days: 0 }
`;

let models: Server;
let box: TestSignalbox;

beforeAll(async () => {
  models = modelServer();
  await new Promise<void>((resolve) => models.listen(0, "127.0.0.1", resolve));
  // The address of a server that listens on a port is no path.
  const { port } = models.address() as AddressInfo;
  box = await startTestSignalbox({ configuration: configuration(`http://127.0.0.1:${port}`) });
  expect((await box.post("/api/experiments/good-or-poor/start", {})).status).toBe(200);
});

afterAll(async () => {
  await box.close();
  models.close();
});

async function got(path: string): Promise<JsonObject> {
  const answer: unknown = await (await fetch(box.url + path)).json();
  return isJsonObject(answer) ? answer : {};
}

test("a judge compares both answers in both orders, and who wins is shipped", async () => {
  const questions = [
    ...Array.from({ length: 16 }, (_, at) => `Why is the sky blue? ${at}`),
    ...Array.from({ length: 3 }, (_, at) => `Take the first one. ${at}`),
    "unreadable",
  ];
  for (const content of questions) {
    const response = await box.post("/v1/chat/completions", {
      model: "chat",
      messages: [{ role: "user", content }],
    });
    expect(await response.text()).toContain("A poor answer.");
    expect(response.headers.get("x-signalbox-shadow")).toBe("good-or-poor@1");
  }
  let results: JsonObject = {};
  await box.eventually(async () => {
    results = await got("/api/experiments/good-or-poor/results");
    return (
      JSON.stringify(results["duels"]).includes('"judge_failed":1') &&
      JSON.stringify(results["duels"]).includes('"won":16')
    );
  });
  expect(results["duels"]).toMatchObject([
    {
      variant: "good",
      won: 16,
      lost: 0,
      tied: 0,
      inconsistent: 3,
      judge_failed: 1,
      unanswered: 0,
      win_rate: { value: 17.5 / 19 },
      elo: null,
      // Two calls of each of twenty duels, of 10 and 5 tokens.
      judge_cost_usd: "0.00008",
    },
  ]);
  const { out } = await runSignalbox(box.url, "experiment", "results", "good-or-poor");
  expect(out).toContain("Ship good: win_rate is better by");
  expect(out).toContain(
    "good won 16, lost 0 and tied 3 of 19 duels, 3 of the ties since the judge said otherwise",
  );
  expect(out).toContain("The judge failed in 1 of 20 duels of good");

  const asked = async (route: string): Promise<readonly unknown[]> => {
    const { requests } = await got(`/api/requests?route=${encodeURIComponent(route)}&limit=100`);
    return Array.isArray(requests) ? requests : [];
  };
  await box.eventually(async () => (await asked("judge:good-or-poor")).length === 40);
  expect(await asked("shadow:good-or-poor")).toHaveLength(20);
  expect(await asked("chat")).toHaveLength(20);
  // The judge's route keeps content: but not that of others.
  expect(await asked("judge")).toEqual([]);
  const [judgement] = await asked("judge:good-or-poor");
  const id = isJsonObject(judgement) ? judgement["id"] : undefined;
  expect(await box.request(typeof id === "string" ? id : "")).toMatchObject({
    capture: "metadata",
    content: null,
    key_id: null,
    decision: { shadow_of: { kind: "judge", experiment: "good-or-poor", phase: 1 } },
  });
});
