import { expect, test } from "vitest";
import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { sseFraming, type Arrival } from "#features/gateway/index.ts";
import { FakeTime } from "../../../../test/support/fake-time.ts";
import { FakeUpstream } from "../../../../test/support/fake-upstream.ts";
import { MemoryClient } from "../../../../test/support/memory-client.ts";
import { openAiGateway } from "../../../../test/support/openai-gateway.ts";

const whole = {
  id: "up-1",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

/** Lets the promises between two attempts settle. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A request whose first deployment has failed, and whose second is at its limit for 7 s. */
async function limited(deadlineMs: number) {
  const time = new FakeTime();
  const upstream = new FakeUpstream();
  const client = new MemoryClient();
  const { gateway, records } = openAiGateway({ upstream, time, routes: ["support"] });
  const arrival: Arrival = {
    requestId: "019b0000-0000-7000-8000-000000000001",
    startedAtMs: time.nowMs(),
    startedMs: time.monotonicMs(),
    queueMs: 0,
    dialect: openaiChat,
    tags: {},
    deadlineMs,
  };
  const text = JSON.stringify({ model: "support", messages: [{ role: "user", content: "hi" }] });
  const decoded = openaiChat.server.decodeRequest(JSON.parse(text), {});
  if (!decoded.ok) throw new Error(decoded.error.message);
  const call = { request: decoded.value, body: Buffer.from(text), framing: sseFraming() };
  const done = gateway.chat(arrival, call, client);
  upstream.answer(500, "oops");
  await settled();
  upstream.answer(429, { error: { message: "slow down" } }, { "retry-after": "7" });
  await settled();
  return { time, upstream, client, records, done };
}

test("a time that the provider told is waited for where the request has so much; then it is asked again", async () => {
  const { time, upstream, client, records, done } = await limited(20_000);
  expect(upstream.calls).toHaveLength(2);
  time.advance(6_999);
  await settled();
  expect(upstream.calls).toHaveLength(2);
  // A little more than was told, by chance, so that not all come back at once.
  time.advance(701);
  await settled();
  upstream.answer(200, whole);
  await done;
  expect(client.status).toBe(200);
  expect(records[0]?.attempts.map(({ deployment }) => deployment)).toEqual([
    "first-deployment",
    "second-deployment",
    "second-deployment",
  ]);
});

test("where the request has not so much time it is refused at once, and told when to come again", async () => {
  const { client, records, done } = await limited(5_000);
  await done;
  expect(client.status).toBe(429);
  expect(client.headers["retry-after"]).toBe("8");
  expect(records[0]).toMatchObject({ outcome: "failed", attempts: [{}, {}] });
});

test("a client that leaves while its request waits ends the wait", async () => {
  const { client, time, records, done } = await limited(20_000);
  client.leave();
  await done;
  expect(records[0]).toMatchObject({ outcome: "aborted", attempts: [{}, {}] });
  expect(time.waiting).toBe(0);
});
