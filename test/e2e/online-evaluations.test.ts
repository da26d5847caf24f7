import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { eventually } from "../support/eventually.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

/** Answers by model: `good` and `poor` say which they are; `judge` lets good ones pass. */
function modelServer(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body: unknown = JSON.parse(text);
      const model = isJsonObject(body) && typeof body["model"] === "string" ? body["model"] : "";
      const verdict = text.includes("A good answer.") ? "pass" : "fail";
      const content = model === "judge" ? JSON.stringify({ reason: "so", verdict }) : `A ${model} answer.`;
      const isRefused = text.includes("break");
      const isStream = isJsonObject(body) && body["stream"] === true;
      const message = { role: "assistant", content };
      const choice = { index: 0, [isStream ? "delta" : "message"]: message, finish_reason: "stop" };
      const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
      const answer = JSON.stringify({ id: "a", model, choices: [choice], usage });
      const type = isStream ? "text/event-stream" : "application/json";
      response.writeHead(isRefused ? 400 : 200, { "content-type": type });
      response.end(isStream ? `data: ${answer}\n\ndata: [DONE]\n\n` : answer);
    });
  });
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
  other: { strategy: { use: good } }
  judge: { strategy: { use: referee } }
evaluations:
  quality:
    route: chat
    sample: 100%
    scorers:
      judged: { kind: judge, model: judge, criteria: The answer is good }
      polite: { kind: contains, expected: "good", ignore_case: true }
      length: { kind: tokens }
    budget: { usd_per_day: 1 }
metrics:
  judged: { event: quality.judged, source: judge, aggregation: mean, better: higher }
experiments:
  good-or-poor:
    route: chat
    variants: { poor: 50%, good: 50% }
    primary: { judged: { minimum_effect: +5pp } }
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

function listIn(object: JsonObject, key: string): readonly JsonObject[] {
  const list = object[key];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

async function ask(model: string, unit: string, { stream = false, says = "hello" } = {}): Promise<Response> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signalbox-conversation": unit },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content: says }] }),
  });
  await response.arrayBuffer();
  return response;
}

const always = "from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z";

async function metricText(): Promise<string> {
  return (await fetch(`${box.url}/metrics`)).text();
}

/** How long scores may take on a machine with much to do, ms: a thread behind all others computes them. */
const scoredMsMax = 20_000;

/** How many requests of the route there were. */
let asked = 0;

test("answers of a route become feedback of their requests, as scorers and judges say, and so a metric", async () => {
  // By chance, until each variant has as many units as a comparison needs.
  const variants: (string | null)[] = [];
  const served = (name: string) => variants.filter((variant) => variant === name).length;
  while (Math.min(served("good"), served("poor")) < 10 && variants.length < 100)
    variants.push((await ask("chat", `u${variants.length}`)).headers.get("x-signalbox-variant"));
  asked = variants.length;
  const goods = served("good");
  expect((await ask("other", "u0")).status).toBe(200);
  const said = async (name: string) =>
    listIn(await got(`/api/feedback?limit=200&state=joined&name=quality.${name}`), "feedback");
  for (const [name, source] of [
    ["judged", "judge"],
    ["polite", "code"],
    ["length", "code"],
  ] as const) {
    await eventually(async () => (await said(name)).length === asked, scoredMsMax);
    const sources = (await said(name)).map((one) => JSON.stringify([one["source"], one["author"]]));
    expect(new Set(sources)).toEqual(new Set([JSON.stringify([source, "evaluation quality"])]));
  }
  const groups = listIn(await got(`/api/feedback/summary?${always}&name=quality.judged`), "groups");
  expect(groups.find(({ variant }) => variant === "good")).toMatchObject({ count: goods, score_mean: 1 });
  const scores = (await said("judged")).map(({ variant, score, label }) =>
    JSON.stringify([variant, score, label]),
  );
  expect(new Set(scores)).toEqual(new Set(['["good",1,"passed"]', '["poor",0,"failed"]']));
  expect(await metricText()).toContain(
    `signalbox_evaluation_scores_total{evaluation="quality",scorer="judged",outcome="scored"} ${asked}`,
  );
  const live = await got("/api/evaluations/quality");
  expect(live).toMatchObject({ evaluation: "quality", routes: ["chat"], sample: 1 });
  const ofGood = { scorer: "judged", route: "chat", variant: "good" };
  expect(listIn(live, "scores")).toHaveLength(6);
  expect(listIn(live, "scores")).toContainEqual(
    expect.objectContaining({
      ...ofGood,
      last: expect.objectContaining({ count: goods, mean: 1, high: 1 }),
      before: { count: 0, mean: null, low: null, high: null },
      drift: expect.objectContaining({ state: "unknown" }),
    }),
  );
  expect((await fetch(`${box.url}/api/evaluations/none`)).status).toBe(404);
  // The units of an experiment come into the log by and by, as requests do.
  let judged: JsonObject | undefined;
  await box.eventually(async () => {
    const metrics = listIn(await got("/api/experiments/good-or-poor/results"), "metrics");
    judged = metrics.find(({ name }) => name === "judged");
    return listIn(judged ?? {}, "variants").reduce((sum, { units }) => sum + Number(units), 0) === asked;
  });
  expect(judged?.["definition"]).toBe("the mean of quality.judged; said by judge");
  const [good, poor] = listIn(judged ?? {}, "variants");
  expect([good?.["variant"], good?.["units"]]).toEqual(["good", goods]);
  expect(good?.["value"]).toBeCloseTo(1, 12);
  expect([poor?.["variant"], poor?.["units"]]).toEqual(["poor", asked - goods]);
  expect(poor?.["value"]).toBeCloseTo(0, 12);
});

test("judges are in the log by themselves, no traffic of the route they judge or of their own", async () => {
  await box.eventually(async () =>
    (await box.requests()).some(({ route }) => route === "evaluation:quality"),
  );
  const judged = (await box.requests()).find(({ route }) => route === "evaluation:quality");
  const { decision } = await box.request(judged?.id ?? "");
  expect(decision).toMatchObject({
    variant: "referee",
    shadow_of: { kind: "evaluation", evaluation: "quality", experiment: null, phase: null },
  });
  await box.eventually(async () => {
    const totals = listIn(await got(`/api/requests/totals?by=route&${always}`), "totals");
    const told = totals.map(({ route, requests }) => JSON.stringify([route, requests]));
    return told.toSorted().join() === `["chat",${asked}],["evaluation:quality",${asked}],["other",1]`;
  });
});

test("streamed answers are scored too, and those that failed are not, and counted", async () => {
  expect((await ask("chat", "streaming", { stream: true })).status).toBe(200);
  expect((await ask("chat", "failing", { says: "break" })).status).toBeGreaterThanOrEqual(400);
  await box.eventually(async () =>
    (await metricText()).includes(
      'signalbox_evaluation_dropped_answers_total{evaluation="quality",reason="unanswered"} 1',
    ),
  );
});
