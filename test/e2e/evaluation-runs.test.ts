import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox({
    adminKey: "an-admin-key-of-tests",
    variables: { OTHER_SECRET: "not-for-you", EVALUATION_KEY: "for-evaluations" },
  });
});
afterAll(() => signalbox.close());

const authorization = "Bearer an-admin-key-of-tests";

const evaluation = {
  name: "capitals",
  data: { file: "capitals.jsonl" },
  prompt: "{{question}} Answer with one word.",
  targets: { flash: { model: "chat/chat-flash" }, lite: { model: "chat/chat-lite" } },
  scorers: { right: { kind: "contains", reference: "answer" } },
};

const items = Array.from({ length: 6 }, (_, at) => ({
  id: `q${at}`,
  fields: { question: `What is ${at} and ${at}?`, answer: `${2 * at}` },
  tags: { parity: at % 2 === 0 ? "even" : "odd" },
}));

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${signalbox.url}/api/evaluations/runs${path}`, {
    method,
    headers: { authorization, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Starts a run, and waits for its end. */
async function runOf(changes: object, of: readonly object[] | null = items) {
  const { status, json } = await call("POST", "", {
    evaluation: { ...evaluation, ...changes },
    ...(of && { items: of }),
  });
  expect(status).toBe(202);
  await ended(json.id);
  return (await call("GET", `/${json.id}`)).json;
}

/** Hears the events of a run to their end. */
async function ended(id: string): Promise<void> {
  const { text } = await call("GET", `/${id}/events`);
  expect(text).toContain("event: progress\n");
}

describe("a run that Signalbox carries out", () => {
  test("is started, watched to its end, reported, listed, and its records are given", async () => {
    const asked = signalbox.ledger().length;
    const started = await call("POST", "", { evaluation, items });
    expect(started).toMatchObject({ status: 202, json: { name: "capitals", created_by: "admin" } });
    const { id } = started.json;
    await ended(id);
    const run = (await call("GET", `/${id}`)).json;
    expect(run).toMatchObject({ state: "finished", stop: null, total: 12, done: 12, failed: 0, lost: 0 });
    expect(run.cost_usd).toBeGreaterThan(0);
    expect(run.manifest).toMatchObject({ targets: ["flash", "lite"], data: { items: 6 } });
    expect(run.report.runs[0].targets).toMatchObject([
      { target: "flash", answered: 6 },
      { target: "lite", answered: 6 },
    ]);
    const lines = (await call("GET", `/${id}/records`)).text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ kind }) => kind === "started")).toHaveLength(12);
    expect(lines.filter(({ kind }) => kind === "finished")).toHaveLength(12);
    expect((await call("GET", "")).json.runs[0]).toMatchObject({ id, state: "finished" });
    expect(signalbox.ledger().length - asked).toBe(12);
  });

  test("asks a set that comes with Signalbox as it is usually asked and scored", async () => {
    const bundled = {
      name: "gsm8k",
      data: { set: "gsm8k", limit: 3 },
      prompt: undefined,
      scorers: undefined,
    };
    const run = await runOf(bundled, null);
    expect(run).toMatchObject({
      state: "finished",
      done: 6,
      manifest: { data: { source: "gsm8k", items: 3 } },
    });
    expect(run.manifest.scorers).not.toEqual([]);
  });

  test("stops where its budget is spent, and goes on within a larger one", async () => {
    const run = await runOf({ budget_usd: 0.000_000_1, concurrency: 1 });
    expect(run).toMatchObject({ state: "stopped", stop: { kind: "budget" } });
    expect(run.done).toBeLessThan(12);
    const again = await call("POST", `/${run.id}/resume`, { budget_usd: 10 });
    expect(again).toMatchObject({ status: 200, json: { stop: null, finished_at: null } });
    await ended(run.id);
    const whole = (await call("GET", `/${run.id}`)).json;
    expect(whole).toMatchObject({ state: "finished", done: 12, evaluation: { budget_usd: 10 } });
    expect(whole.report.runs[0].replaced).toBe(0);
    expect(whole.cost_usd).toBeGreaterThan(run.cost_usd);
  });

  test("stops where failures come in a row, and asks those again that had no answer", async () => {
    signalbox.addFault({ fault: "400", count: 3, model: "gemini-3.8-flash" });
    const targets = { flash: evaluation.targets.flash };
    const run = await runOf({ targets, abort_after: 3, concurrency: 1 });
    expect(run).toMatchObject({ state: "stopped", stop: { kind: "systemic" }, done: 3, failed: 3 });
    await call("POST", `/${run.id}/resume`, { retry: "errors" });
    await ended(run.id);
    const whole = (await call("GET", `/${run.id}`)).json;
    expect(whole).toMatchObject({ state: "finished", done: 6, failed: 0, lost: 0 });
    expect(whole.report.runs[0].replaced).toBe(3);
  });

  test("that cannot be carried out says why", async () => {
    const run = await runOf({
      targets: { other: { model: "m", url: "http://127.0.0.1:9/v1", key_env: "NO_SUCH_KEY" } },
    });
    expect(run).toMatchObject({ state: "failed", done: 0, report: null, manifest: null });
    expect(run.stop.message).toContain("NO_SUCH_KEY");
  });

  test("has keys of other servers from variables that are meant for it, and no other secret", async () => {
    const heard: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(404, { "content-type": "application/json" }).end("{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // A server that listens on TCP has an address of this form.
    const { port } = server.address() as AddressInfo;
    const asked = (variable: string) =>
      runOf({ targets: { other: { model: "m", url: `http://127.0.0.1:${port}/v1`, key_env: variable } } });
    expect(await asked("OTHER_SECRET")).toMatchObject({ state: "failed", done: 0 });
    expect(heard).toEqual([]);
    expect(await asked("EVALUATION_KEY")).toMatchObject({ failed: 6 });
    expect(new Set(heard)).toEqual(new Set(["Bearer for-evaluations"]));
    server.close();
  });

  test("is deleted with its records when it is over", async () => {
    const { id } = await runOf({});
    expect((await call("DELETE", `/${id}`)).status).toBe(204);
    expect((await call("GET", `/${id}/records`)).status).toBe(404);
    expect((await call("DELETE", `/${id}`)).status).toBe(404);
  });
});

describe("what is refused", () => {
  const file = { data: { file: "capitals.jsonl" } };
  test.each([
    ["a file of the server", file, undefined, "body.evaluation.data.set"],
    ["a set that there is not", { data: { set: "nothing" } }, undefined, "body.evaluation.data.set"],
    ["items beside a set", { data: { set: "gsm8k" } }, items, "body.evaluation.data.set"],
    ["an id twice", file, [items[0], items[0]], "body.items"],
    ["no items", file, [], "body.items"],
    [
      "a module of the server",
      { scorers: { own: { kind: "module", file: "own.ts" } } },
      items,
      "body.evaluation.scorers.own.kind",
    ],
    ["a prompt that cannot be filled", { prompt: "{{#open}}" }, items, "body.evaluation.prompt"],
    ["another key", { repeat: 3 }, items, "body.evaluation.repeat"],
  ])("%s, at its place", async (_name, changes, of, field) => {
    const { status, text } = await call("POST", "", {
      evaluation: { ...evaluation, ...changes },
      ...(of && { items: of }),
    });
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0].field).toBe(field);
  });

  test("whatever does not fit how the run stands", async () => {
    const { id } = await runOf({});
    expect((await call("POST", `/${id}/stop`)).status).toBe(409);
    const none = "019ac4e2-5d2e-7c41-9b3a-5e8f0c6d2a17";
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/events"],
      ["POST", "/stop"],
      ["POST", "/resume"],
    ] as const)
      expect((await call(method, `/${none}${path}`, method === "POST" ? {} : undefined)).status, path).toBe(
        404,
      );
  });

  test("whoever has no admin key", async () => {
    const key = await signalbox.createKey("data only");
    for (const authorization of ["Bearer nobody", `Bearer ${key}`]) {
      const answer = await fetch(`${signalbox.url}/api/evaluations/runs`, { headers: { authorization } });
      expect([401, 403]).toContain(answer.status);
    }
  });
});
