import { beforeEach, expect, test } from "vitest";
import { Secret } from "#core/kernel/secret.ts";
import { signWebhook } from "#core/kernel/webhook-signature.ts";
import type { OutcomeWebhook } from "#features/configuration/index.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { controlPlaneWorld, type World } from "./control-plane.test-support.ts";

const nowMs = 1_764_000_000_000;
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const settings: OutcomeWebhook = {
  name: "purchase",
  source: "code",
  assumesUtc: false,
  fields: new Map([
    ["unit", ["data", "customer", "id"]],
    ["outcome", ["data", "lines", "0", "amount"]],
  ]),
  when: [{ path: ["type"], value: "order.paid" }],
};
const paid = { type: "order.paid", data: { customer: { id: 42 }, lines: [{ amount: "19.90" }] } };

let world: World;

beforeEach(async () => {
  world = await controlPlaneWorld();
  Object.assign(world.ports.outcomes, {
    webhook: (name: string) => (name === "crm" ? { settings, secret: new Secret(secret) } : undefined),
    nowMs: () => nowMs,
  });
});

interface Sent {
  readonly body?: unknown;
  readonly id?: string;
  readonly atMs?: number;
  readonly signedWith?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function send({ body = paid, id = "msg_1", atMs = nowMs, signedWith = secret, headers }: Sent = {}) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const timestampS = atMs / 1_000;
  return world.app.inject({
    method: "POST",
    url: "/hooks/outcomes/crm",
    payload,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestampS),
      "webhook-signature": signWebhook({ id, timestampS, body: payload, secret: signedWith }),
      ...headers,
    },
  });
}

test("a signed call is kept, whatever space its JSON has", async () => {
  const answer = await send({ body: JSON.stringify(paid, undefined, 3) });
  expect({ status: answer.statusCode, body: answer.json() }).toEqual({
    status: 200,
    body: { result: "created", state: "joined" },
  });
  const { feedback } = await world.ports.feedback.list({ filters: {}, limit: 10 });
  expect(feedback).toMatchObject([
    { subject: { id: "42" }, name: "purchase", source: "code", values: { outcome: 19.9 } },
  ]);
});

test("a call that tells of something else is answered well, and left", async () => {
  const answer = await send({ body: { ...paid, type: "order.created" } });
  expect(answer.json()).toEqual({ result: "ignored", state: null });
  expect((await world.ports.feedback.list({ filters: {}, limit: 10 })).feedback).toEqual([]);
});

test.each<[string, Sent, string]>([
  [
    "another secret",
    { signedWith: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    "a signature with the webhook's secret",
  ],
  ["another body", { headers: { "webhook-signature": "v1,AAAA" } }, "a signature with the webhook's secret"],
  ["a time five minutes ago", { atMs: nowMs - 301_000 }, "a call of at most 300 seconds ago"],
  ["a time five minutes ahead", { atMs: nowMs + 301_000 }, "a call at most 300 seconds ahead"],
  ["no signature", { headers: { "webhook-signature": "" } }, "the headers webhook-id and webhook-signature"],
  ["no time", { headers: { "webhook-timestamp": "soon" } }, "the header webhook-timestamp"],
])("a call with %s is refused, and its body not looked at", async (_what, sent, wanted) => {
  const answer = await send({ body: "no JSON", ...sent });
  expect(answer.json()).toMatchObject({ status: 401, detail: expect.stringContaining(wanted) });
  expect(answer.body + world.logLines.join("")).not.toContain(secret.slice(6));
});

test("what cannot be kept is named at its place in the body", async () => {
  const body = { ...paid, data: { customer: { id: { x: 1 } }, lines: [{ amount: "much" }] } };
  const answer = await send({ body });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toEqual([
    { field: "body.data.customer.id", wanted: "a string", actual: "an object" },
    {
      field: "body.data.lines.0.amount",
      wanted: "true, false or a number from -1000000000 to 1000000000",
      actual: "a string of 4 characters",
    },
  ]);
  const empty = await send({ body: { type: "order.paid" } });
  expect(empty.json().detail).toContain("body must be exactly one of request_id");
  expect((await send({ body: "no JSON" })).statusCode).toBe(400);
  expect((await send({ body: "[]" })).json()).toEqual({ result: "ignored", state: null });
});

test.each(["expired", "not-found", "conflict"] as const)(
  "an outcome that is refused as %s is the body's fault: no sender ends the webhook for it",
  async (code) => {
    Object.assign(world.ports.outcomes, {
      service: { take: () => Promise.reject(new AppError(code, "Cannot keep feedback: too late")) },
    });
    expect((await send()).json()).toMatchObject({ status: 400, detail: "Cannot keep feedback: too late" });
  },
);

test("a database that is away is 503, with a time to come again", async () => {
  const away = new AppError("store-unavailable", "Cannot keep feedback: away", { retryable: true });
  Object.assign(world.ports.outcomes, { service: { take: () => Promise.reject(away) } });
  const answer = await send();
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("5");
});

test("a webhook that is not configured is not found, and bodies are JSON of at most 1 MiB", async () => {
  const other = await world.app.inject({ method: "POST", url: "/hooks/outcomes/erp", payload: {} });
  expect(other.json()).toMatchObject({ status: 404, detail: expect.stringContaining('there is no "erp"') });
  expect((await send({ headers: { "content-type": "text/csv" } })).statusCode).toBe(415);
  expect((await send({ headers: { "content-encoding": "gzip" } })).statusCode).toBe(415);
  expect((await send({ body: `"${"a".repeat(1024 * 1024)}"` })).statusCode).toBe(413);
});
