import { request, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { controlPlaneWorld, idOf, recordOf, type World } from "./control-plane.test-support.ts";

let world: World;
let port: number;

beforeEach(async () => {
  world = await controlPlaneWorld();
  const address = new URL(await world.app.listen({ host: "127.0.0.1", port: 0 }));
  port = Number(address.port);
});

afterEach(() => world.app.close());

/** What came of a call, and whether it came to its end. */
async function fetched(path: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path }, resolve).once("error", reject).end();
  });
  let text = "";
  try {
    for await (const chunk of response) text += String(chunk);
  } catch {
    // A cut connection is what `complete` tells.
  }
  return { status: response.statusCode, headers: response.headers, text, complete: response.complete };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("the log comes as a file with all that matches", async () => {
  for (let number = 1; number <= 450; number++) world.records.push(recordOf(number));
  world.records.push(recordOf(451, { outcome: "failed" }));
  const { status, headers, text, complete } = await fetched("/api/requests/export?outcome=completed");
  expect({ status, complete }).toEqual({ status: 200, complete: true });
  expect(headers).toMatchObject({
    "content-type": "application/x-ndjson; charset=utf-8",
    "content-disposition": 'attachment; filename="requests.jsonl"',
  });
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(450);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ id: idOf(450) });
  const csv = await fetched("/api/requests/export?format=csv");
  expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(csv.text.split("\r\n")).toHaveLength(453);
});

test("one that fails on the way says so in its last line and is cut, not ended", async () => {
  let pages = 0;
  const record = recordOf(1);
  Object.assign(world.ports.requests, {
    list: async () => {
      pages += 1;
      if (pages > 2)
        throw new AppError("store-unavailable", "Cannot list requests: away", { retryable: true });
      return { records: [record], next: record.requestId };
    },
  });
  const { status, text, complete } = await fetched("/api/requests/export");
  expect(status).toBe(200);
  const lines = text.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[2] ?? "")).toMatchObject({ error: { code: "store-unavailable" } });
  expect(complete).toBe(false);
});

test("one that fails at once is an error with its status, and leaves its place to others", async () => {
  const { requests } = { ...world.ports };
  const whole = { ...requests };
  Object.assign(world.ports.requests, {
    list: () => Promise.reject(new AppError("store-unavailable", "away", { retryable: true })),
  });
  for (let time = 0; time < 5; time++) expect((await fetched("/api/requests/export")).status).toBe(503);
  Object.assign(requests, whole);
  expect((await fetched("/api/requests/export")).status).toBe(200);
});

test("two at a time are served, a third is told to come later", async () => {
  const waiting: (() => void)[] = [];
  const { requests } = { ...world.ports };
  const whole = { ...requests };
  Object.assign(world.ports.requests, {
    list: () => new Promise((resolve) => waiting.push(() => resolve({ records: [] }))),
  });
  const first = fetched("/api/requests/export");
  const second = fetched("/api/requests/export");
  while (waiting.length < 2) await turn();
  expect((await fetched("/api/requests/export")).status).toBe(429);
  for (const go of waiting) go();
  expect((await first).complete && (await second).complete).toBe(true);
  Object.assign(requests, whole);
  expect((await fetched("/api/requests/export")).status).toBe(200);
});

test("one whose client goes away ends, and leaves its place to others", async () => {
  const { requests } = world.ports;
  const whole = { ...requests };
  const record = recordOf(1);
  let pages = 0;
  Object.assign(requests, {
    list: () =>
      Promise.resolve({ records: [record], next: `${record.requestId.slice(0, -6)}${100_000 + pages++}` }),
  });
  for (let time = 0; time < 2; time++) {
    await new Promise<void>((resolve) => {
      const call = request({ host: "127.0.0.1", port, path: "/api/requests/export" }, (response) => {
        response.once("data", () => call.destroy());
        response.once("error", () => undefined).once("close", resolve);
      });
      call.once("error", () => undefined).end();
    });
  }
  Object.assign(requests, whole);
  while ((await fetched("/api/requests/export")).status === 429) await turn();
  const asked = pages;
  for (let time = 0; time < 50; time++) await turn();
  expect(pages).toBe(asked);
});

test("a mistyped filter is refused", async () => {
  expect((await fetched("/api/requests/export?rout=x")).status).toBe(400);
  expect((await fetched("/api/requests/export?format=xls")).status).toBe(400);
});
