import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestId } from "#core/kernel/request-id.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const adminKey = "the-admin-key-of-this-test";

let box: TestSignalbox;
let ann: string;
let bob: string;
beforeAll(async () => {
  box = await startTestSignalbox({ adminKey });
  ann = await box.createKey("ann");
  bob = await box.createKey("bob");
});
afterAll(() => box.close());

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // What a JSON answer holds is what these tests are about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

async function call(path: string, key: string | undefined, body?: unknown): Promise<Answered> {
  const response = await fetch(box.url + path, {
    ...(body !== undefined && {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
    headers: {
      "content-type": "application/json",
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const give = (body: unknown, key: string | undefined = ann) => call("/v1/feedback", key, body);
const read = (path: string) => call(path, adminKey);

/** Asks the route for an answer; its request's id and the answer. */
async function asked(headers: Readonly<Record<string, string>> = {}, key = ann) {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "hi" }] }),
  });
  const answer = await response.json();
  return { id: response.headers.get("x-signalbox-request-id") ?? "", answer };
}

describe("feedback on a request", () => {
  test("is joined with its decision at once, read back, and summed up", async () => {
    const { id } = await asked({ "x-signalbox-unit": "user-42" });
    const { status, body } = await give({ request_id: id, name: "thumbs", score: 1, comment: "Great é🚦" });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { change: "created", state: "joined", subject: "request", subject_id: id, revision: 1 },
    });
    const logged = await box.request(id);
    const page = (await read(`/api/requests/${id}/feedback`)).body;
    expect(page).toMatchObject({
      feedback: [{ id: body.id, route: "chat", variant: logged["variant"], comment: "Great é🚦", score: 1 }],
      next_cursor: null,
    });
    expect(page.feedback[0].unit).toMatch(/^[\w-]{22}$/);
    expect(page.feedback[0].author).toMatch(/^key_/);
    const { groups } = (
      await read("/api/feedback/summary?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&name=thumbs")
    ).body;
    expect(groups).toMatchObject([
      { route: "chat", variant: logged["variant"], count: 1, positive_share: 1 },
    ]);
  });

  test("by the answer's own id, in both dialects, by the official client", async () => {
    const client = new OpenAI({ baseURL: `${box.url}/v1`, apiKey: ann });
    const completion = await client.chat.completions.create({
      model: "chat",
      messages: [{ role: "user", content: "hi" }],
    });
    expect((await give({ response_id: completion.id, score: 0.5 })).body).toMatchObject({
      state: "joined",
      subject: "request",
      subject_id: completion.id,
    });
    const gemini = await fetch(`${box.url}/v1beta/models/chat:generateContent`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": ann },
      body: JSON.stringify({ contents: [{ parts: [{ text: "hi" }] }] }),
    });
    const { responseId } = (await gemini.json()) as { responseId: string };
    expect((await give({ response_id: responseId, label: "fine" })).status).toBe(201);
  });

  test("by the provider's id of the answer", async () => {
    const { id } = await asked();
    const upstreamId = (await box.request(id))["upstream_response_id"];
    expect(upstreamId).toEqual(expect.any(String));
    expect((await give({ response_id: upstreamId, score: 1 })).body).toMatchObject({ subject_id: id });
  });

  test("the last one wins with a history, a repeated id changes nothing", async () => {
    const { id } = await asked();
    const first = await give({ request_id: id, name: "stars", score: 5, id: "vote-1" });
    const second = await give({ request_id: id, name: "stars", score: 2 });
    expect(second).toMatchObject({ status: 200, body: { change: "revised", revision: 2, score: 2 } });
    const again = await give({ request_id: id, name: "stars", score: 5, id: "vote-1" });
    expect(again).toMatchObject({ status: 200, body: { change: "unchanged", revision: 2, score: 2 } });
    const late = { request_id: id, name: "stars", score: 3, at: new Date(Date.now() - 60_000).toISOString() };
    expect((await give(late)).body).toMatchObject({ change: "superseded", revision: 2, revision_count: 3 });
    const { body } = await read(`/api/feedback/${first.body.id}`);
    expect(body.revisions.map(({ score }: { score: number }) => score)).toEqual([5, 2, 3]);
  });

  test("two that race make one feedback with two revisions", async () => {
    const { id } = await asked();
    const racers = await Promise.all(
      Array.from({ length: 10 }, (_, score) => give({ request_id: id, name: "race", score })),
    );
    const statuses = racers.map(({ status }) => status).toSorted((one, other) => one - other);
    expect(statuses).toEqual([...Array(9).fill(200), 201]);
    const { feedback } = (await read(`/api/requests/${id}/feedback`)).body;
    expect(feedback).toMatchObject([{ revision: 10, revision_count: 10 }]);
    const { revisions } = (await read(`/api/feedback/${feedback[0].id}`)).body;
    expect(revisions.at(-1).score).toBe(feedback[0].score);
    expect(new Set(revisions.map(({ score }: { score: number }) => score)).size).toBe(10);
  });

  test("while it still runs it waits for it, and is joined when it has ended", async () => {
    box.addFault({ fault: "stall-after-tokens", parameters: { tokens: "1", ms: "500" }, count: 1 });
    const response = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${ann}` },
      body: JSON.stringify({ model: "chat", stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
    const id = response.headers.get("x-signalbox-request-id") ?? "";
    expect(await give({ request_id: id, score: 1 })).toMatchObject({
      status: 202,
      body: { state: "pending" },
    });
    const waiting = (await read("/api/feedback?state=pending")).body.feedback;
    expect(waiting).toMatchObject([{ subject_id: id, route: null, variant: null }]);
    await response.text();
    // It is looked at every 5 s: two waits of up to 5 s each.
    const joined = async () =>
      (await read(`/api/requests/${id}/feedback`)).body.feedback[0].state === "joined";
    await box.eventually(joined).catch(() => box.eventually(joined));
    expect((await read(`/api/requests/${id}/feedback`)).body.feedback).toMatchObject([
      { route: "chat", variant: (await box.request(id))["variant"] },
    ]);
  });
});

test("units and conversations are kept by pseudonym, the same as the request's", async () => {
  // A header's bytes are UTF-8, as curl sends them; fetch takes them one character each.
  const unitHeader = Buffer.from("user-7 Zoë 🚦").toString("latin1");
  const { id } = await asked({ "x-signalbox-unit": unitHeader, "x-signalbox-conversation": "ticket-9" });
  await give({ request_id: id, score: 1 });
  const [{ unit, conversation }] = (await read(`/api/requests/${id}/feedback`)).body.feedback;
  const { body } = await give([
    { unit: "user-7 Zoë 🚦", name: "purchase", outcome: 19.9, source: "code" },
    { conversation: "ticket-9", name: "resolved", outcome: true, source: "human" },
  ]);
  expect(body.results).toMatchObject([
    { status: 201, feedback: { subject: "unit", subject_id: unit, outcome: 19.9 } },
    { status: 201, feedback: { subject: "conversation", subject_id: conversation, outcome: true } },
  ]);
  const everything = JSON.stringify((await read("/api/feedback?limit=200")).body);
  expect(everything).not.toMatch(/user-7|ticket-9/);
});

describe("whose it is", () => {
  test("another key's request is not found, in the words of an unknown one; administrators may", async () => {
    const { id } = await asked();
    const foreign = await give({ request_id: id, score: 1 }, bob);
    const oldId = requestId(Date.now() - 3_600_000, new Uint8Array(10).fill(7));
    const unknown = await give({ request_id: oldId, score: 1 }, bob);
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(foreign.body.detail.replace(id, "")).toBe(unknown.body.detail.replace(oldId, ""));
    expect((await give({ response_id: id, score: 1 }, bob)).status).toBe(404);
    const upstreamId = (await box.request(id))["upstream_response_id"];
    expect((await give({ response_id: upstreamId, score: 1 }, bob)).status).toBe(404);
    expect((await give({ request_id: id, score: 1 }, adminKey)).status).toBe(201);
    const { feedback } = (await read(`/api/requests/${id}/feedback`)).body;
    expect(feedback).toMatchObject([{ author: "admin" }]);
  });

  test("it takes a key, and reading it takes the admin key", async () => {
    expect((await give({ unit: "u", score: 1 }, "no-key")).status).toBe(401);
    for (const path of ["/api/feedback", `/api/feedback/${requestId(1, new Uint8Array(10))}`])
      expect((await call(path, ann)).status).toBe(403);
  });
});

describe("bad input", () => {
  const id = requestId(Date.now(), new Uint8Array(10).fill(9));
  const secret = "planted secret";

  test.each([
    ["no subject", { score: 1 }, 400],
    ["two subjects", { request_id: id, unit: "u", score: 1 }, 400],
    ["nothing said", { unit: "u" }, 400],
    ["an unknown field", { unit: "u", score: 1, rating: 5 }, 400],
    ["a request id that is none", { request_id: "latest", score: 1 }, 400],
    ["an expired request", { request_id: requestId(1_000, new Uint8Array(10)), score: 1 }, 410],
    [
      "an id of the future",
      { request_id: requestId(Date.now() + 3_600_000, new Uint8Array(10)), score: 1 },
      404,
    ],
    ["an unknown answer", { response_id: "chatcmpl-none", score: 1 }, 404],
    ["an absurd score", { unit: "u", score: 1e300 }, 400],
    ["a score as text", { unit: "u", score: "1" }, 400],
    ["an absurd outcome", { unit: "u", outcome: -1e10 }, 400],
    ["an outcome as text", { unit: "u", outcome: "yes" }, 400],
    ["a long name", { unit: "u", name: "a".repeat(65), score: 1 }, 400],
    ["a name that is none", { unit: "u", name: "a b", score: 1 }, 400],
    ["a long label", { unit: "u", label: "a".repeat(101) }, 400],
    ["a label with NUL", { unit: "u", label: "a\0b" }, 400],
    ["half a surrogate pair in a label", { unit: "u", label: "\ud83d" }, 400],
    ["a long comment", { unit: "u", comment: secret.repeat(300) }, 400],
    ["a long unit", { unit: "u".repeat(257), score: 1 }, 400],
    ["a unit with NUL", { unit: "a\0b", score: 1 }, 400],
    ["a future time", { unit: "u", score: 1, at: new Date(Date.now() + 3_600_000).toISOString() }, 400],
    ["a time long ago", { unit: "u", score: 1, at: "1970-01-01T00:00:00Z" }, 410],
    ["a time that is none", { unit: "u", score: 1, at: "yesterday" }, 400],
    ["an unknown source", { unit: "u", score: 1, source: "oracle" }, 400],
    ["an empty list", [], 400],
    ["ten thousand items", Array.from({ length: 10_000 }, () => ({ unit: "u", score: 1 })), 400],
    ["null", null, 400],
    ["a number", 7, 400],
    ["a number beyond all", '{"unit":"u","score":1e999}', 400],
    ["a key named __proto__", '{"unit":"u","score":1,"__proto__":{"admin":true}}', 400],
  ])("%s", async (_name, body, status) => {
    const answer = await give(body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body).toMatchObject({ status, request_id: expect.any(String), code: expect.any(String) });
    expect(JSON.stringify(answer.body)).not.toContain(secret);
  });

  test("a huge body is refused before it is read whole", async () => {
    const answer = await give(`[{"unit":"u","comment":"${"a".repeat(5_000_000)}"}]`).catch(() => undefined);
    // The connection may be closed before the answer is read.
    expect([undefined, 413]).toContain(answer?.status);
    expect((await give({ unit: "u", score: 1 })).status).toBeLessThan(300);
  });

  test("the longest list of the longest comments fits, and what no database holds is replaced", async () => {
    const comment = `\0\ud83d${"\u0001".repeat(3_998)}`;
    const items = Array.from({ length: 100 }, (_, index) => ({
      unit: `unit ${index}`,
      name: "long",
      comment,
    }));
    const { status, body } = await give(items);
    expect(status).toBe(207);
    expect(body.results).toHaveLength(100);
    expect(body.results[99]).toMatchObject({ status: 201 });
    expect(body.results[99].feedback.comment).toBe(`\ufffd\ufffd${"\u0001".repeat(3_998)}`);
    const { feedback } = (await read("/api/feedback?name=long&limit=1")).body;
    expect(feedback[0].comment).toBe(body.results[99].feedback.comment);
  });

  test("of a list each is answered by itself", async () => {
    const { id: own } = await asked();
    const { status, body } = await give([
      { request_id: own, name: "listed", score: 1 },
      { request_id: own, name: "listed", score: "high" },
      7,
      { request_id: requestId(1_000, new Uint8Array(10)), score: 1 },
      { request_id: own, name: "listed", score: -1 },
    ]);
    expect(status).toBe(207);
    expect(body.results).toMatchObject([
      { status: 201, feedback: { change: "created" } },
      { status: 400, problem: { errors: [{ field: "body.1.score", wanted: "a number" }] } },
      { status: 400, problem: { errors: [{ field: "body.2" }] } },
      { status: 410, problem: { code: "expired" } },
      { status: 200, feedback: { change: "revised", score: -1 } },
    ]);
  });

  test("filters that are none are refused, text of any kind is only compared", async () => {
    expect((await read("/api/feedback?colour=red")).status).toBe(400);
    expect((await read("/api/feedback?cursor=first")).status).toBe(400);
    expect((await read("/api/feedback?name=%00")).status).toBe(400);
    expect((await read("/api/feedback/summary")).status).toBe(400);
    const quoted = encodeURIComponent("'; drop table feedback; --");
    expect((await read(`/api/feedback?name=${quoted}`)).body).toEqual({ feedback: [], next_cursor: null });
  });

  test("other methods on the path are told which there is", async () => {
    const response = await fetch(`${box.url}/v1/feedback`, { headers: { authorization: `Bearer ${ann}` } });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });
});
