import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import {
  startTestSignalbox,
  testConfiguration,
  type LoggedRequest,
  type TestSignalbox,
} from "../support/test-signalbox.ts";

/** Chains of the configuration, of every kind of step, over the emulator. */
const chains = `
chains:
  triage:
    description: Sorts a message and answers it.
    variables: { text: { example: My parcel is late. }, tone: { default: friendly } }
    steps:
      - ask:
          messages: [{ system: "Sort." }, { human: "{text} [[say:urgent]]" }]
          output: { type: enum, labels: [urgent, usual] }
        as: kind
      - branch:
          cases:
            - when: { kind: urgent }
              steps: [{ ask: { route: flash, messages: [{ human: "[[say:At once.]] {tone} {text}" }] } }]
          otherwise: [{ ask: { messages: [{ human: "[[say:Later.]] {text}" }] } }]
  views:
    variables: { text: {} }
    steps:
      - parallel:
          branches:
            good: [{ ask: { messages: [{ human: "[[say:+]] {text}" }] } }]
            bad: [{ ask: { messages: [{ human: "[[say:-]] {text}" }] } }]
  each:
    variables: { items: { type: list } }
    steps:
      - map:
          over: items
          item: one
          items_max: 3
          steps: [{ call: { chain: views, input: { text: "{one}" } } }]
  handing:
    variables: { text: {} }
    steps:
      - { ask: { messages: [{ human: "[[say:first]]" }] }, as: step-one }
      - { call: { chain: echo, input: { text: "[[say:{{text}} {text} {step-one}]]" } } }
  echo: { variables: { text: {} }, steps: [{ ask: { messages: [{ human: "{text}" }] } }] }
  safe:
    steps:
      - fallback:
          options:
            - [{ ask: { messages: [{ human: "[[fault:500]] x" }] } }]
            - [{ ask: { messages: [{ human: "[[say:second]]" }] } }]
  worker:
    variables: { task: {} }
    steps:
      - tools: { messages: [{ human: "{task}" }], chains: [views], rounds_max: 3, calls_max: 2 }
  few:
    limits: { calls: 1 }
    variables: { text: {} }
    steps: [{ call: { chain: views, input: { text: "{text}" } } }]
  slow:
    limits: { deadline: 200ms }
    steps: [{ ask: { messages: [{ human: "[[fault:stall-before-headers]]" }] } }]
  short:
    limits: { output_length: 10 }
    variables: { text: {} }
    steps: [{ ask: { messages: [{ human: "{text}" }] } }]
  noted:
    steps:
      - parallel:
          branches:
            one: [{ ask: { messages: [{ human: "[[say:1]]" }] } }]
            two: [{ ask: { messages: [{ human: "[[say:2]]" }] } }]
      - ask: { messages: [{ human: "[[say:after both]]" }] }
  greet:
    versions:
      1: { steps: [{ ask: { messages: [{ human: "[[say:one]]" }] } }] }
      2: { steps: [{ ask: { messages: [{ human: "[[say:two]]" }] } }] }
      3: { steps: [{ ask: { messages: [{ human: "[[say:three]]" }] } }] }
    serve: 2
`;

let signalbox: TestSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration: testConfiguration + chains });
});

afterAll(() => signalbox.close());

const post = (path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
  signalbox.post(`/v1/chains/${path}`, body, signal);

async function json(response: Promise<Response> | Response): Promise<JsonObject> {
  const value: unknown = await (await response).json();
  if (!isJsonObject(value)) throw new Error("The answer is no JSON object");
  return value;
}

const invoke = (chain: string, input: unknown) => json(post(`${chain}/invoke`, { input }));

describe("steps", () => {
  test("one after the other, the next by what the one before gave, each at its own route", async () => {
    const answer = await invoke("triage", { text: "Help" });
    expect(answer).toMatchObject({
      output: "At once.",
      deployment: "flash",
      repairs: 0,
      requests: [{ step: "kind" }, { step: "branch-2.ask-1", deployment: "flash" }],
    });
    const log = (await signalbox.requests()).find(({ id }) => id === answer["request_id"]);
    expect(log).toMatchObject({ tags: { chain: "triage" } });
  });

  test("side by side, over a list, through another chain", async () => {
    expect(await invoke("each", { items: ["a", "b"] })).toMatchObject({
      output: [
        { good: "+", bad: "-" },
        { good: "+", bad: "-" },
      ],
      requests: { length: 4 },
    });
  });

  test("another chain is given what a template says, braces and names with hyphens too", async () => {
    expect(await invoke("handing", { text: "given" })).toMatchObject({ output: "{text} given first" });
  });

  test("the next where one fails", async () => {
    expect(await invoke("safe", {})).toMatchObject({ output: "second" });
  });

  test("tools, which are chains, then the answer", async () => {
    const task = '[[call:views {"text":"x"}]] Tell.';
    const answer = await invoke("worker", { task });
    expect(answer["output"]).toMatch(/According to views: .*good/);
    expect(answer["requests"]).toHaveLength(4);
  });
});

describe("bounds end a run with a word for it", () => {
  test.each([
    ["more calls than allowed", "few", { text: "x" }, 422, /at most 1 calls are allowed/],
    [
      "more items than allowed",
      "each",
      { items: ["1", "2", "3", "4"] },
      422,
      /at most 3 items are allowed, there are 4/,
    ],
    [
      "more calls of tools than allowed",
      "worker",
      { task: '[[call:views {"text":"x"}]]'.repeat(3) },
      422,
      /2 calls of tools/,
    ],
    [
      "an output longer than its bound",
      "short",
      { text: "[[tokens=40]]" },
      422,
      /at most 10 characters are allowed/,
    ],
    ["a version that there is not", "greet@9", {}, 404, /it has the versions 1, 2, 3/],
  ])("%s", async (_what, chain, input, status, detail) => {
    const response = await post(`${chain}/invoke`, { input });
    expect(response.status).toBe(status);
    expect(await json(response)).toMatchObject({ detail: expect.stringMatching(detail) });
  });

  test("the deadline of the whole, which leaves nothing running", async () => {
    const response = await post("slow/invoke", { input: {} });
    expect(response.status).toBe(504);
    await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
  });
});

describe("what goes wrong within a chain leaves nothing running", () => {
  test("a parser that never succeeds: one repair, then a word for it and none of the answers", async () => {
    const before = signalbox.ledger().length;
    const response = await post("classify/invoke", { input: { text: "[[say:s3cret]]", labels: ["a", "b"] } });
    const text = await response.text();
    expect(response.status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({ code: "unparsable-answer", retryable: true });
    expect(text).not.toContain("s3cret");
    expect(signalbox.ledger().length - before).toBe(2);
    expect(await metrics()).toMatch(
      /^signalbox_chain_answers_total\{chain="classify",variant="chat-\w+",outcome="unparsable"\} \d+$/m,
    );
    await nothingRuns();
  });

  test("a stream that grows longer than its bound: a word for it, and the provider need not go on", async () => {
    const input = { text: "[[tokens=40]] [[frame-tokens=1]] [[fault:stall-after-tokens=20]]" };
    const before = signalbox.ledger().length;
    const text = await (await post("short/stream", { input })).text();
    expect(text).toContain("limit-exceeded");
    expect(text).not.toContain("event: end");
    await signalbox.eventually(() => signalbox.ledger().length - before === 1);
    expect(signalbox.ledger().at(-1)?.outcome).toBe("aborted");
    await nothingRuns();
  });

  test("a client that leaves while one of two branches runs: its call is cancelled, and the step behind is not asked", async () => {
    const before = signalbox.ledger().length;
    const leaving = new AbortController();
    // It strikes whichever branch comes first; the other is served.
    signalbox.addFault({ fault: "stall-before-headers", count: 1 });
    const gone = expect(post("noted/invoke", { input: {} }, leaving.signal)).rejects.toThrow();
    await signalbox.eventually(
      () => signalbox.faultsWaiting() === 0 && signalbox.ledger().length - before === 1,
    );
    leaving.abort();
    await gone;
    await signalbox.eventually(() => signalbox.ledger().length - before === 2);
    await nothingRuns();
    expect(
      signalbox
        .ledger()
        .slice(before)
        .map(({ outcome }) => outcome),
    ).toEqual(["completed", "aborted"]);
    const outcomes = (await signalbox.requests())
      .filter(({ tags }) => isJsonObject(tags) && tags["chain"] === "noted")
      .map(({ outcome }) => String(outcome));
    expect(outcomes.toSorted()).toEqual(["aborted", "completed"]);
  });
});

test("a version is pinned by its number, and another is served by the name alone", async () => {
  expect(await invoke("greet", {})).toMatchObject({ output: "two", version: 2 });
  expect(await invoke("greet@1", {})).toMatchObject({ output: "one", version: 1 });
  const { chains: listed } = await json(fetch(`${signalbox.url}/api/chains`));
  expect(listed).toContainEqual(expect.objectContaining({ name: "greet", version: 2, versions: [1, 2, 3] }));
});

describe("a batch", () => {
  test("gives an answer or a failure for each input, in order", async () => {
    const labels = ["yes", "no"];
    const inputs = [
      { text: "[[say:yes]]", labels },
      { text: "[[say:maybe]]", labels },
      { text: "[[say:no]]", labels },
    ];
    expect(await json(post("classify/batch", { inputs }))).toMatchObject({
      output: ["yes", null, "no"],
      items: [{ output: "yes" }, { error: { code: "unparsable-answer", retryable: true } }, { output: "no" }],
    });
  });

  test("with an input that is not as wanted runs nothing", async () => {
    const before = signalbox.ledger().length;
    const response = await post("classify/batch", { inputs: [{ text: "x", labels: ["a"] }, { text: "x" }] });
    expect(response.status).toBe(400);
    expect(signalbox.ledger()).toHaveLength(before);
  });

  test.each([[[]], [Array.from({ length: 101 }, () => ({}))]])(
    "of no input or too many is refused",
    async (inputs) => {
      expect((await post("greet/batch", { inputs })).status).toBe(400);
    },
  );
});

test("events tell each step with its requests, usage and cost", async () => {
  const text = await (await post("triage/events", { input: { text: "Help" } })).text();
  const events = text
    .trim()
    .split("\n\n")
    .map((frame) => /^event: (.*)\ndata: (.*)$/.exec(frame) ?? [])
    .map(([, event = "", data = ""]): [string, JsonObject] => [event, JSON.parse(data)]);
  const steps = events.filter(([event]) => event.startsWith("step"));
  expect(steps).toMatchObject([
    ["step-start", { step: "kind", kind: "ask", input_length: "Helpfriendly".length }],
    [
      "step-end",
      {
        step: "kind",
        outcome: "completed",
        ms: expect.any(Number),
        output_length: "urgent".length,
        usage: { input_tokens: expect.any(Number) },
        cost_usd: expect.any(String),
        requests: [{ usage: { input_tokens: expect.any(Number) }, cost_usd: expect.any(String) }],
      },
    ],
    ["step-start", { step: "branch-2", kind: "branch", input_length: "Helpfriendlyurgent".length }],
    ["step-start", { step: "branch-2.ask-1", kind: "ask" }],
    ["step-end", { step: "branch-2.ask-1", output_length: "At once.".length }],
    ["step-end", { step: "branch-2", requests: [{ step: "branch-2.ask-1" }] }],
  ]);
  const chunks = events.filter(([event]) => event === "chunk").map(([, data]) => data["text"]);
  expect(chunks.filter((text) => typeof text === "string").join("")).toBe("At once.");
  expect(events.at(-1)).toMatchObject(["end", { output: "At once.", requests: { length: 2 } }]);
});

test("what can be read of JSON is told while it is written", async () => {
  const facts = {
    name: "Ada Lovelace, Countess",
    notes: "She wrote the first program for the Analytical Engine.",
    year: 1843,
  };
  const schema = { type: "object", properties: { name: { type: "string" }, year: { type: "integer" } } };
  const input = { text: `[[say:${JSON.stringify(facts)}]] [[frame-tokens=3]]`, schema };
  const text = await (await post("extract/stream", { input })).text();
  const partials = [...text.matchAll(/^event: partial\ndata: (.*)$/gm)].map(([, data = ""]): unknown =>
    JSON.parse(data),
  );
  expect(partials.length).toBeGreaterThan(1);
  expect(partials.at(-1)).toMatchObject({ output: { name: facts.name } });
  expect(text).toMatch(/event: end\ndata: \{"output":\{"name":"Ada Lovelace, Countess"/);
});

describe("LangServe's clients", () => {
  const extras = { config: {}, kwargs: {} };

  test("are answered in their words", async () => {
    expect(await json(post("greet/invoke", { input: {}, ...extras }))).toMatchObject({
      output: "two",
      metadata: { run_id: expect.any(String), feedback_tokens: [] },
    });
    expect(
      await json(post("greet/batch", { inputs: [{}, {}], config: [{}, {}], kwargs: [{}, {}] })),
    ).toMatchObject({
      output: ["two", "two"],
    });
  });

  test("get texts in pieces, anything else whole, and an end without data", async () => {
    const streamed = await (await post("greet/stream", { input: {}, ...extras })).text();
    expect(dataOf(streamed).join("")).toBe("two");
    expect(streamed).toMatch(/\n\nevent: end\n\n$/);
    const whole = await (await post("views/stream", { input: { text: "x" }, ...extras })).text();
    expect(dataOf(whole)).toEqual([{ good: "+", bad: "-" }]);
  });

  function dataOf(text: string): readonly unknown[] {
    return [...text.matchAll(/^event: data\ndata: (.*)$/gm)].map(([, data = ""]): unknown =>
      JSON.parse(data),
    );
  }
});

test("the outcomes of answers with a form are counted by chain and variant", async () => {
  await invoke("triage", { text: "x" });
  expect(await metrics()).toMatch(
    /^signalbox_chain_answers_total\{chain="triage",variant="chat-\w+",outcome="parsed"\} \d+$/m,
  );
});

test("all requests of a run are in the log under its id, each with its step, also of one that failed", async () => {
  const { request_id: runId, requests } = await invoke("each", { items: ["a", "b"] });
  const logged = await runOf(runId);
  const asked = (requests as readonly JsonObject[]).map(({ request_id }) => request_id);
  expect(new Set(logged.map(({ id }) => id))).toEqual(new Set(asked));
  expect(logged).toHaveLength(asked.length);
  expect(logged.map(({ tags }) => tags)).toContainEqual({
    chain: "each",
    chain_version: "1",
    chain_run: runId,
    chain_step: "map-1.2.call-1.views.parallel-1.bad.ask-1",
  });
  const failed = await post("each/invoke", { input: { items: ["[[fault:500]]"] } });
  expect(failed.status).toBe(502);
  const left = await runOf(failed.headers.get("x-signalbox-request-id"));
  expect(left.map(({ tags }) => tags)).toContainEqual(expect.objectContaining({ chain: "each" }));
});

test("a step that fails tells that it did, and how long what it was given is", async () => {
  const text = await (await post("each/events", { input: { items: ["[[fault:500]]"] } })).text();
  const ends = [...text.matchAll(/^event: step-end\ndata: (.*)$/gm)].map(([, data = ""]): unknown =>
    JSON.parse(data),
  );
  expect(ends.at(-1)).toMatchObject({ step: "map-1", outcome: "failed" });
  expect(ends.at(-1)).not.toHaveProperty("output_length");
});

/** The log's requests of a run. */
async function runOf(id: unknown): Promise<readonly LoggedRequest[]> {
  const found = await json(
    fetch(`${signalbox.url}/api/requests?tag=${encodeURIComponent(`chain_run=${String(id)}`)}`),
  );
  // What the schema of this endpoint promises.
  return found["requests"] as unknown as readonly LoggedRequest[];
}

async function metrics(): Promise<string> {
  return (await fetch(`${signalbox.url}/metrics`)).text();
}

/** Waits until no request is under way but the one that asks for the metrics. */
function nothingRuns(): Promise<void> {
  return signalbox.eventually(async () => /^signalbox_requests_in_flight [01]$/m.test(await metrics()));
}
