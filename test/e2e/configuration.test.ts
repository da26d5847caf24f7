import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox();
});

afterAll(() => box.close());

async function call(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }> {
  const response = await fetch(`${box.url}/api/configuration${path}`, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return { status: response.status, body: await response.json() };
}

/** The test configuration, with other shares of the route `chat`. */
function withShares(shares: string): string {
  const text = testConfiguration.replaceAll("EMULATOR", box.emulatorUrl);
  return text.replace(/\{ weighted: .* \}/, `{ weighted: { ${shares} } }`);
}

describe("a configuration that is applied", () => {
  test("decides the next request, and is what the API shows", async () => {
    const text = withShares("chat-lite: 100%");
    const applied = await call("/apply", { text, base: "1", comment: "all to lite" });
    expect(applied).toMatchObject({ status: 200, body: { change: "applied", version: { number: 2, parent: 1, source: "api", applied_by: "anyone", comment: "all to lite" } } });
    const answer = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "Hello" }] }),
    });
    expect(answer.headers.get("x-signalbox-variant")).toBe("chat-lite");
    const request = await box.request(answer.headers.get("x-signalbox-request-id") ?? "");
    expect(request["decision"]).toMatchObject({ snapshot: { configuration: applied.body.version.version } });
    expect((await call("")).body).toMatchObject({ number: 2, file: { state: "replaced" }, refused: null });
  });
});
