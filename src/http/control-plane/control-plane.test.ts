import { gzipSync } from "node:zlib";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, test } from "vitest";
import { reviewId } from "#core/evaluations/reviews/review.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Endpoint, ServedEndpoint } from "#http/endpoint.ts";
import { problemSchema } from "#http/openapi/problem-schema.ts";
import { namedText, payloadOf } from "./payloads.test-support.ts";
import { controlPlaneWorld, idOf, keyOf, recordOf, type World } from "./control-plane.test-support.ts";

let world: World;
beforeEach(async () => {
  world = await controlPlaneWorld();
});

describe("every endpoint", () => {
  test("answers what its schema says, and nothing more", async () => {
    world.records.push(recordOf(1));
    world.keys.push(keyOf(1));
    await world.ports.configuration.service.apply(namedText, { appliedBy: "test" });
    const thumb = { request_id: idOf(1), name: "thumbs", score: 1 };
    const given = await world.app.inject({ method: "POST", url: "/v1/feedback", payload: thumb });
    for (const endpoint of world.endpoints.filter(isWhole)) {
      const answer = await world.app.inject({
        method: endpoint.method,
        url: urlOf(endpoint, given.json().id),
        ...(endpoint.body && { payload: endpoint.tag === "Feedback" ? thumb : payloadOf(endpoint) }),
        ...(endpoint.streamed && {
          payload: "unit,score\nu,1\n,\n",
          headers: { "content-type": "text/csv" },
        }),
      });
      const schema = schemaOf(endpoint, answer.statusCode);
      if (!schema) expect(answer.body, endpoint.path).toBe("");
      else if (isText(answer)) expect(schema.safeParse(answer.body).success, endpoint.path).toBe(true);
      else expect(schema.parse(answer.json()), endpoint.path).toEqual(answer.json());
    }
  });

  test("carries an id of its own and may not be guessed at by a browser", async () => {
    const { headers } = await world.app.inject("/api/routes");
    expect(headers).toMatchObject({
      "x-signalbox-request-id": idOf(1),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
  });
});

describe("the log of requests", () => {
  test("pages newest first, each page beginning where the last ended", async () => {
    for (let number = 1; number <= 5; number++) world.records.push(recordOf(number));
    const first = (await world.app.inject("/api/requests?limit=2")).json();
    expect(idsOf(first)).toEqual([idOf(5), idOf(4)]);
    const second = (await world.app.inject(`/api/requests?limit=2&cursor=${first.next_cursor}`)).json();
    expect(idsOf(second)).toEqual([idOf(3), idOf(2)]);
    const last = (await world.app.inject(`/api/requests?limit=2&cursor=${second.next_cursor}`)).json();
    expect(idsOf(last)).toEqual([idOf(1)]);
    expect(last.next_cursor).toBeNull();
  });

  test("filters", async () => {
    world.records.push(recordOf(1), recordOf(2, { outcome: "failed" }));
    expect(idsOf((await world.app.inject("/api/requests?outcome=failed")).json())).toEqual([idOf(2)]);
  });

  test("tells a request with its decision and attempts", async () => {
    world.records.push(recordOf(1));
    const answer = await world.app.inject(`/api/requests/${idOf(1)}`);
    expect(answer.json()).toMatchObject({
      id: idOf(1),
      started_at: "2025-11-24T16:00:00.001Z",
      usage: { input_tokens: 12, total_tokens: 42 },
      decision: {
        variant: "assistant-flash",
        propensity: 0.8,
        snapshot: { configuration: "v1", status_epoch: 4 },
      },
      attempts: [{ deployment: "flash", first_content_ms: 214, total_ms: 890 }],
    });
  });

  test("sums", async () => {
    world.records.push(recordOf(1));
    const answer = await world.app.inject(
      "/api/requests/totals?from=2026-11-25T00:00:00Z&to=2026-11-26T00:00:00Z&by=route",
    );
    expect(answer.json().totals).toMatchObject([
      {
        route: "assistant",
        variant: null,
        requests: 1,
        usage: { total_tokens: 126 },
        cost: { usd: "0.0015" },
      },
    ]);
  });

  test("an unknown id is a 404 that names it", async () => {
    const answer = await world.app.inject(`/api/requests/${idOf(9)}`);
    expect(answer.statusCode).toBe(404);
    expect(problemSchema.parse(answer.json())).toMatchObject({
      code: "not-found",
      status: 404,
      request_id: idOf(1),
    });
  });
});

describe("keys", () => {
  test("are made with a secret told once, listed without it, and revoked", async () => {
    const made = await world.app.inject({ method: "POST", url: "/api/keys", payload: { name: "  search " } });
    expect(made.statusCode).toBe(201);
    expect(made.json()).toMatchObject({
      name: "search",
      key: `secret-of-${keyOf(1).id}`,
      scopes: ["data"],
      revoked_at: null,
    });
    expect((await world.app.inject("/api/keys")).body).not.toContain("secret-of");
    expect(
      (await world.app.inject({ method: "DELETE", url: `/api/keys/${keyOf(1).id}` })).json(),
    ).toMatchObject({ id: keyOf(1).id, revoked_at: "2025-11-24T16:00:01.000Z" });
    expect((await world.app.inject("/api/keys")).json().keys[0].revoked_at).not.toBeNull();
    expect((await world.app.inject({ method: "DELETE", url: `/api/keys/${keyOf(9).id}` })).statusCode).toBe(
      404,
    );
  });
});

describe("administration", () => {
  test("asks for the admin key where there is one, on every protected endpoint", async () => {
    world.adminKey = "the-admin-key";
    for (const endpoint of world.endpoints) {
      const { method, path, protection } = endpoint;
      const answer = await world.app.inject({ method, url: urlOf(endpoint) });
      if (protection !== "none") {
        expect(answer.statusCode, path).toBe(401);
        expect(answer.headers["www-authenticate"], path).toMatch(/^Bearer/);
      } else expect(answer.statusCode, path).toBe(200);
    }
  });

  test.each([{ authorization: "Bearer the-admin-key" }, { "x-goog-api-key": "the-admin-key" }])(
    "takes it as %o",
    async (headers) => {
      world.adminKey = "the-admin-key";
      expect((await world.app.inject({ url: "/api/routes", headers })).statusCode).toBe(200);
    },
  );

  test("refuses another key without repeating it, in the answer and in the log", async () => {
    world.adminKey = "the-admin-key";
    const answer = await world.app.inject({
      url: "/api/routes?key=wrong-query-key",
      headers: { authorization: "Bearer wrong-key" },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.body + world.logLines.join("")).not.toMatch(/wrong-key|wrong-query-key|the-admin-key/);
  });

  test("is not taken from the address", async () => {
    world.adminKey = "the-admin-key";
    expect((await world.app.inject("/api/routes?key=the-admin-key")).statusCode).toBe(401);
  });

  test("is asked before the input is read", async () => {
    world.adminKey = "the-admin-key";
    expect((await world.app.inject("/api/requests?limit=never")).statusCode).toBe(401);
  });
});

describe("an endpoint that streams, for holders of an API key", () => {
  const stream: ServedEndpoint = {
    method: "GET",
    path: "/v1/counts",
    operationId: "count",
    tag: "Chains",
    summary: "Count",
    description: "Counts.",
    protection: "key",
    replies: { 200: { description: "The counts." } },
    errors: "problem",
    handle: ({ principal }) =>
      Promise.resolve({
        status: 200,
        headers: { "content-type": "text/event-stream" },
        body: Readable.from([`data: ${principal.kind}\n\n`, "data: 2\n\n"]),
      }),
  };

  test("sends each piece as it comes, and tells who calls", async () => {
    const { app } = await controlPlaneWorld([stream]);
    const answer = await app.inject("/v1/counts");
    expect(answer.headers["content-type"]).toBe("text/event-stream");
    expect(answer.body).toBe("data: admin\n\ndata: 2\n\n");
  });

  test("takes the key from the address too, as Gemini's clients send it", async () => {
    const one = await controlPlaneWorld([stream]);
    one.adminKey = "the-key";
    expect((await one.app.inject("/v1/counts")).statusCode).toBe(401);
    expect((await one.app.inject("/v1/counts?key=the-key")).statusCode).toBe(200);
  });
});

describe("bad input", () => {
  test("names each field, what was wanted and what came", async () => {
    const answer = await world.app.inject("/api/requests?limit=5000&outcome=lost&nonsense=1");
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json().errors).toEqual([
      {
        field: "query.outcome",
        wanted: "one of completed, failed, refused, aborted",
        actual: "a string of 4 characters",
      },
      { field: "query.limit", wanted: "at most 200", actual: "a string of 4 characters" },
      { field: "query.nonsense", wanted: "absent", actual: "an unknown field" },
    ]);
  });

  test.each([
    ["a missing field", {}, { field: "body.name", wanted: "a string", actual: "absent" }],
    ["a wrong type", { name: 7 }, { field: "body.name", wanted: "a string", actual: "the number 7" }],
    [
      "too short a text",
      { name: "" },
      { field: "body.name", wanted: "at least 1 characters", actual: "an empty string" },
    ],
    ["no object", [], { field: "body", wanted: "an object", actual: "an array of 0 items" }],
  ])("%s in a body", async (_name, payload, problem) => {
    const answer = await world.app.inject({ method: "POST", url: "/api/keys", payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([problem]);
    expect(world.keys).toEqual([]);
  });

  const json = { "content-type": "application/json" };
  test.each([
    ["malformed JSON", { headers: json, payload: '{"name": "my secret' }, 400, "invalid-request"],
    ["an empty body", { headers: json, payload: "" }, 400, "invalid-request"],
    ["invalid UTF-8", { headers: json, payload: Buffer.from([0x22, 0xff, 0x22]) }, 400, "invalid-request"],
    ["a million brackets", { headers: json, payload: "[".repeat(1_000_000) }, 400, "invalid-request"],
    [
      "a key named __proto__",
      { headers: json, payload: '{"name":"x","__proto__":{"a":1}}' },
      400,
      "invalid-request",
    ],
    [
      "a body over 1 MiB",
      { headers: json, payload: JSON.stringify({ name: "a".repeat(1_100_000) }) },
      413,
      "payload-too-large",
    ],
    [
      "a form",
      { headers: { "content-type": "application/x-www-form-urlencoded" }, payload: "name=my+secret" },
      415,
      "unsupported-media-type",
    ],
    [
      "a compressed body",
      { headers: { ...json, "content-encoding": "gzip" }, payload: gzipSync('{"name": "my secret"}') },
      415,
      "unsupported-media-type",
    ],
    [
      "plain text",
      { headers: { "content-type": "text/plain" }, payload: "my secret" },
      415,
      "unsupported-media-type",
    ],
  ] as const)("%s", async (_name, input, status, code) => {
    const answer = await world.app.inject({ method: "POST", url: "/api/keys", ...input });
    expect(answer.statusCode).toBe(status);
    expect(problemSchema.parse(answer.json())).toMatchObject({ status, code });
    expect(answer.body + world.logLines.join("")).not.toContain("secret");
    expect(world.keys).toEqual([]);
  });

  test.each([
    ["GET", "/nowhere", 404],
    ["GET", "/api/requests/not-an-id", 400],
    ["GET", "/api/%zz", 400],
    ["DELETE", `/api/keys/${"a".repeat(400)}`, 404],
    ["POST", "/api/routes", 405],
    ["PUT", "/api/keys", 405],
    ["POST", "/docs/assets/swagger-ui-es-bundle.js", 404],
    ["GET", "/docs/assets/package.json", 404],
    ["GET", "/pages/..%2fregister-pages.ts", 404],
  ] as const)("%s %s is %i, as a problem", async (method, url, status) => {
    const answer = await world.app.inject({ method, url });
    expect(answer.statusCode).toBe(status);
    expect(problemSchema.parse(answer.json()).status).toBe(status);
  });

  test("a wrong method is told the right ones", async () => {
    const answer = await world.app.inject({ method: "PUT", url: "/api/keys" });
    expect(answer.headers["allow"]).toBe("GET, POST");
  });
});

test("a provider's words, which may quote what it was asked, are neither answered nor logged", async () => {
  Object.assign(world.ports.requests, {
    get: () => Promise.reject(new AppError("upstream-failed", 'no "my prompt" here', { retryable: true })),
  });
  const answer = await world.app.inject(`/api/requests/${idOf(1)}`);
  expect(answer.statusCode).toBe(502);
  expect(answer.json()).toMatchObject({ code: "upstream-failed", retryable: true });
  expect(world.logLines.join("")).toContain("upstream-failed");
  expect(answer.body + world.logLines.join("")).not.toContain("my prompt");
});

describe("failures inside", () => {
  test("never leak, and stand in the log under the answer's id", async () => {
    Object.assign(world.ports.requests, {
      get: () => Promise.reject(new Error("password of db.internal is hunter2")),
    });
    const answer = await world.app.inject(`/api/requests/${idOf(1)}`);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/hunter2|db\.internal/);
    const line = world.logLines.map((text) => JSON.parse(text)).find((entry) => entry.msg === "call failed");
    expect(line).toMatchObject({
      level: "error",
      reqId: answer.json().request_id,
      err: { message: expect.stringContaining("db.internal") },
    });
  });

  test("a store that is away is a 503 that may be tried again", async () => {
    const away = new AppError("store-unavailable", "Cannot reach 10.0.0.7: refused", { retryable: true });
    Object.assign(world.ports.requests, { list: () => Promise.reject(away) });
    const answer = await world.app.inject("/api/requests");
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: "store-unavailable", retryable: true });
    expect(answer.body).not.toContain("10.0.0.7");
  });
});

describe("probes", () => {
  test("livez answers whatever else is wrong", async () => {
    world.configurationVersion = undefined;
    for (const path of ["/livez", "/health"])
      expect((await world.app.inject(path)).json(), path).toEqual({ status: "alive" });
  });

  test("readyz lists each check", async () => {
    expect((await world.app.inject("/readyz")).json()).toEqual({
      status: "ready",
      checks: [
        { name: "configuration", ok: true, detail: "version v1" },
        { name: "store", ok: true, detail: "answers" },
        { name: "deployments", ok: true, detail: "2 usable" },
        { name: "accepting", ok: true, detail: "takes requests" },
        { name: "request-log", ok: true, detail: "has room" },
      ],
    });
  });

  test.each([
    ["configuration", (one: World) => (one.configurationVersion = undefined)],
    ["deployments", (one: World) => (one.usableDeployments = 0)],
    ["accepting", (one: World) => (one.accepting = false)],
    ["request-log", (one: World) => (one.log = { accepting: false, full: "the disk is full (ENOSPC)" })],
    ["store", (one: World) => (one.ping = () => Promise.reject(new Error("10.0.0.7 refused")))],
  ])("readyz is 503 when %s is not well", async (name, break_) => {
    break_(world);
    const answer = await world.app.inject("/readyz");
    expect(answer.statusCode).toBe(503);
    expect(answer.json().checks.filter((check: { ok: boolean }) => !check.ok)).toMatchObject([{ name }]);
    expect(answer.body).not.toContain("10.0.0.7");
  });

  test("a store that never answers makes it not ready, not the probe hang", async () => {
    world.ping = () => new Promise(() => undefined);
    Object.assign(world.ports.health, {
      timers: {
        after: (_ms: number, callback: () => void) => (
          queueMicrotask(callback),
          { restart: () => undefined, cancel: () => undefined }
        ),
      },
    });
    expect((await world.app.inject("/readyz")).statusCode).toBe(503);
  });

  test("metrics are Prometheus' text, with what was observed", async () => {
    const answer = await world.app.inject("/metrics");
    expect(answer.headers["content-type"]).toMatch(/^text\/plain; version=/);
    expect(answer.body).toContain("signalbox_log_queue_rows 5");
  });
});

describe("pages", () => {
  test.each([
    "/",
    "/docs",
    "/docs/",
    "/playground",
    "/pages/playground.js",
    "/docs/assets/swagger-ui-bundle.js",
  ])("%s comes with a policy that lets nothing in from elsewhere", async (url) => {
    const answer = await world.app.inject(url);
    expect(answer.statusCode).toBe(200);
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test.each(["/", "/docs", "/playground"])(
    "%s names no other address and holds no inline script or style",
    async (url) => {
      const { body } = await world.app.inject(url);
      expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(body).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|\sstyle=/);
    },
  );
});

function idsOf(page: { requests: { id: string }[] }): string[] {
  return page.requests.map((request) => request.id);
}

/** Whether an answer ends by itself; streams have tests of their own. */
function isWhole({ replies }: Endpoint): boolean {
  return Object.values(replies).every(({ content }) => content?.["text/event-stream"] === undefined);
}

/** Whether an answer is a page of text, as metrics and reports are. */
function isText({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): boolean {
  return String(headers["content-type"]).startsWith("text/");
}

/** Runs that are over are gone on with and deleted, each once. */
function runOf({ path, method }: Endpoint): string {
  return path.endsWith("/resume") ? idOf(2) : idOf(method === "DELETE" ? 3 : 1);
}

/** An address that the endpoint answers well. */
function urlOf(endpoint: Endpoint, feedbackId = idOf(1)): string {
  const { path, query } = endpoint;
  const id = path.startsWith("/api/keys")
    ? keyOf(1).id
    : path.startsWith("/api/feedback")
      ? feedbackId
      : path.startsWith("/api/reviews")
        ? reviewId({ queue: "flash", item: "q1" })
        : path.startsWith("/api/evaluations")
          ? runOf(endpoint)
          : idOf(1);
  if (path.startsWith("/api/reviews") && query) return `${path}?queue=flash&reviewer=ann`;
  if (path.endsWith("/diff")) return `${path.replace("{name}", "flash")}?from=1&to=production`;
  const needsTime = query?.safeParse({}).success === false;
  return (
    path
      .replace("{id}", id)
      .replace("{version}", "1")
      .replace("{name}", "flash")
      .replace("{route}", "assistant") +
    (needsTime ? "?from=2026-11-25T00:00:00Z&to=2026-11-26T00:00:00Z" : "")
  );
}

function schemaOf(endpoint: Endpoint, status: number) {
  const reply = endpoint.replies[status];
  expect(reply, `${endpoint.path} ${status}`).toBeDefined();
  return Object.values(reply?.content ?? {})[0];
}
