import { request } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

let signalbox: TestSignalbox;
beforeAll(async () => {
  signalbox = await startTestSignalbox();
});
afterAll(() => signalbox.close());

async function stream(headers: Readonly<Record<string, string>>) {
  const response = await request(`${signalbox.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "chat", stream: true, messages: [{ role: "user", content: "Hello" }] }),
  });
  await response.body.text();
  return response;
}

test("who reads trailers is told behind a stream what it cost: what the log says", async () => {
  const { headers, trailers } = await stream({ te: "trailers" });
  expect(headers["trailer"]).toBe("x-signalbox-cost-usd");
  const logged = await signalbox.request(String(headers["x-signalbox-request-id"]));
  const told = trailers["x-signalbox-cost-usd"];
  expect(Number(told)).toBeGreaterThan(0);
  expect(JSON.stringify(logged["cost"])).toContain(String(Number(told)));
});

test.each([{}, { te: "deflate;q=0.5" }])("others get the stream without: %j", async (headers) => {
  const answer = await stream(headers);
  expect(answer.headers["trailer"]).toBeUndefined();
  expect(answer.trailers).toEqual({});
});
