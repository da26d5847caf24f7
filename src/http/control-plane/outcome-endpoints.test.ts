import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { rawExchange, rawRequest } from "../../../test/support/raw-http.ts";
import { controlPlaneWorld, type World } from "./control-plane.test-support.ts";

const file = "unit,score\nann,1\n";
const line = "POST /api/outcomes/import";

let world: World;
let url: string;

beforeEach(async () => {
  world = await controlPlaneWorld();
  url = await world.app.listen({ host: "127.0.0.1", port: 0 });
});

afterEach(() => world.app.close());

const posted = (type = "text/csv", payload = file, path = "/api/outcomes/import") =>
  world.app.inject({ method: "POST", url: path, headers: { "content-type": type }, payload });

test("imports come one at a time", async () => {
  const { service } = world.ports.outcomes;
  const kept = service.import.bind(service);
  let begun = (): void => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  let goOn = (): void => undefined;
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  Object.assign(world.ports.outcomes.service, {
    async import(...args: Parameters<typeof kept>) {
      begun();
      await mayGoOn;
      return kept(...args);
    },
  });
  const first = posted();
  await isBegun;
  const second = await posted();
  expect(second.json()).toMatchObject({ status: 429, retryable: true });
  goOn();
  expect((await first).json()).toMatchObject({ rows: 1, created: 1 });
  expect((await posted()).statusCode).toBe(200);
});

test("after one that fails comes the next", async () => {
  const { service } = world.ports.outcomes;
  const kept = service.import.bind(service);
  Object.assign(world.ports.outcomes.service, {
    import: () =>
      Promise.reject(new AppError("store-unavailable", "Cannot keep feedback: away", { retryable: true })),
  });
  const failed = await posted();
  expect(failed.statusCode).toBe(503);
  expect(failed.headers["retry-after"]).toBe("5");
  Object.assign(world.ports.outcomes.service, { import: kept });
  expect((await posted()).statusCode).toBe(200);
});

test("some rows that are refused, or a file that is read in part, are 207", async () => {
  expect((await posted("text/csv", `${file}bob,x\n`)).statusCode).toBe(207);
  const stopped = await posted("text/csv", `${file}${"u,1\n".repeat(120)}"`);
  expect(stopped.statusCode).toBe(207);
  expect(stopped.json().stopped.detail).toContain("each quote closed");
});

test("it takes two types, and no other endpoint takes these", async () => {
  expect((await posted("text/csv; charset=utf-8")).statusCode).toBe(200);
  expect((await posted("application/x-ndjson", '{"unit":"ann","score":1}')).statusCode).toBe(200);
  for (const type of ["application/json", "text/plain"])
    expect((await posted(type, '{"unit":"ann","score":1}')).json()).toMatchObject({ status: 415 });
  expect((await posted("text/csv", file, "/v1/feedback")).statusCode).toBe(415);
});

test("what says that it is too large, or is compressed, is refused before it comes", async () => {
  const headers = { "content-type": "text/csv" };
  const large = { ...headers, "content-length": String(64 * 1024 * 1024 + 1) };
  expect((await rawExchange(url, rawRequest(line, large))).status).toBe(413);
  const zipped = { ...headers, "content-encoding": "gzip" };
  expect((await rawExchange(url, rawRequest(line, zipped, file))).status).toBe(415);
});

test("a client that breaks off in the middle is no error of ours, and holds up no other", async () => {
  const rows = Array.from({ length: 100 }, (_, at) => `u${at},1\n`).join("");
  const piece = `unit,score\n${rows}`;
  const headers = { "content-type": "text/csv", "transfer-encoding": "chunked" };
  const answer = await rawExchange(
    url,
    rawRequest(line, headers),
    `${piece.length.toString(16)}\r\n${piece}\r\n`,
    "no size of a chunk\r\n",
  );
  expect(answer.status).toBe(400);
  expect((await posted()).statusCode).toBe(200);
  expect(world.logLines.join("")).not.toContain("call failed");
});
