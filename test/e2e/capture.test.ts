import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `${testConfiguration}
  kept: { strategy: { use: chat-lite }, capture: full }
  unseen: { strategy: { use: chat-lite }, capture: off }
log:
  redact: { patterns: { customer: 'C-\\d{6}' } }
`;

let box: TestSignalbox;
beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
});
afterAll(() => box.close());

/** Asks a route and gives the request's id. */
async function asked(model: string, body: object): Promise<string> {
  const response = await fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-signalbox-unit": "ann",
      "x-signalbox-tags": "tier=free",
    },
    body: JSON.stringify({ model, ...body }),
  });
  await response.text();
  expect(response.status).toBe(200);
  return response.headers.get("x-signalbox-request-id") ?? "";
}

const question = "[[say:Mail bob@example.org]] I am C-123456, ann@example.org";
const messages = [{ role: "user", content: question }];

async function content(id: string): Promise<{ request: string; response: string; redactions: number }> {
  await box.eventually(async () => (await fetch(`${box.url}/api/requests/${id}/content`)).status === 200);
  return (await fetch(`${box.url}/api/requests/${id}/content`)).json() as ReturnType<typeof content>;
}

test.each([true, false])(
  "what a route keeps in full is stored redacted, asked and answered, streamed: %s",
  async (stream) => {
    const kept = await content(await asked("kept", { messages, stream }));
    // Gemini signs what it says, in a stream behind it.
    const words = expect.objectContaining({ type: "text", text: "Mail [email]" });
    expect(JSON.parse(kept.request)).toMatchObject({
      messages: [{ content: "[[say:Mail [email]]] I am [customer], [email]" }],
    });
    expect(JSON.parse(kept.response)).toMatchObject({
      candidates: [{ parts: expect.arrayContaining([words]), finish: { reason: "stop" } }],
    });
    expect(kept.redactions).toBeGreaterThanOrEqual(4);
  },
);

test("a route that captures nothing keeps neither content nor names nor tags, but usage and cost", async () => {
  const id = await asked("unseen", { messages });
  const request = await box.request(id);
  expect(request).toMatchObject({ capture: "off", unit: null, tags: {}, content: null });
  expect(request["usage"]).not.toBeNull();
  expect(request["cost"]).toMatchObject({ estimated: false });
  expect((await fetch(`${box.url}/api/requests/${id}/content`)).status).toBe(404);
});
