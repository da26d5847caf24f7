import type { ServerResponse } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemTimers } from "#adapters/system/system-timers.ts";
import {
  controlPlaneWorld,
  idOf,
  recordOf,
  type World,
} from "#http/control-plane/control-plane.test-support.ts";
import { createHttpServer, type HttpServer } from "#http/server.ts";
import { browserIsMissing, startBrowser, watched, type Misconduct } from "./browser.test-support.ts";

/** A data plane in the test's hands: it begins each stream, and the test says when the next piece comes. */
interface Stream {
  readonly response: ServerResponse;
  readonly path: string;
  readonly body: { readonly model?: string; readonly stream?: boolean };
}

const requestId = idOf(1000);

describe.skipIf(browserIsMissing)("the pages in Chromium", () => {
  let world: World;
  let server: HttpServer;
  let browser: Browser;
  let page: Page;
  let origin: string;
  let misconduct: Misconduct;
  let nextStream: () => Promise<Stream>;

  beforeAll(async () => {
    world = await controlPlaneWorld();
    world.records.push(recordOf(1000));
    const streams: Stream[] = [];
    const waiting: ((stream: Stream) => void)[] = [];
    server = createHttpServer({
      dataPlane: (request, response) => {
        if (request.method !== "POST" || !request.url?.startsWith("/v1")) return false;
        let text = "";
        request.on("data", (chunk: Buffer) => (text += chunk.toString()));
        request.on("end", () => {
          const stream = { response, path: request.url ?? "", body: JSON.parse(text) };
          const waiter = waiting.shift();
          if (waiter) waiter(stream);
          else streams.push(stream);
        });
        return true;
      },
      controlPlane: (request, response) => world.app.routing(request, response),
      open: () => true,
      timers: systemTimers,
    });
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    origin = `http://127.0.0.1:${port}`;
    nextStream = () =>
      new Promise((resolve) => {
        const stream = streams.shift();
        if (stream) resolve(stream);
        else waiting.push(resolve);
      });
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });

  beforeEach(async () => {
    page = await browser.newPage();
    misconduct = watched(page, origin);
    return () => page.close();
  });

  test("Swagger UI: a call tried by click answers, and nothing comes from elsewhere", async () => {
    await page.goto(`${origin}/docs`);
    const operation = page.locator("#operations-OpenAI-createChatCompletion");
    await operation.locator(".opblock-summary").click();
    // Try-it-out is on from the start; the example with the first live route is filled in.
    const editor = operation.locator("textarea.body-param__text");
    await editor.waitFor();
    expect(JSON.parse(await editor.inputValue())).toMatchObject({
      model: "assistant",
      messages: [{ role: "user" }],
    });
    await operation.locator("button.execute").click();
    const { response, body } = await nextStream();
    expect(body.model).toBe("assistant");
    response.writeHead(200, { "content-type": "application/json", "x-signalbox-request-id": requestId });
    response.end(
      JSON.stringify({ choices: [{ message: { role: "assistant", content: "Hello from the test" } }] }),
    );
    await operation.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
    expect(await operation.locator(".live-responses-table").textContent()).toContain("Hello from the test");
    expect(misconduct).toEqual({ foreign: [], complaints: [] });
  });

  test("Swagger UI: a key once given is sent, and kept over a reload", async () => {
    world.adminKey = "the-admin-key";
    try {
      await page.goto(`${origin}/docs`);
      await page.locator("button.authorize").first().click();
      const scheme = page.locator(".auth-container", { hasText: "adminKey" });
      await scheme.locator("input").fill("the-admin-key");
      await scheme.locator("button.authorize").click();
      await page.reload();
      const operation = page.locator("#operations-Catalog-listRoutes");
      await operation.locator(".opblock-summary").click();
      await operation.locator("button.execute").click();
      await operation.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
    } finally {
      world.adminKey = undefined;
    }
  });

  test("playground: a stream is seen growing, then its decision", async () => {
    await page.goto(`${origin}/playground`);
    await page.locator("#model option[value='gemini-3.8-flash']").waitFor({ state: "attached" });
    expect(await page.locator("#model").inputValue()).toBe("assistant");
    await page.getByRole("button", { name: "Send" }).click();
    const { response, path, body } = await nextStream();
    expect([path, body.model, body.stream]).toEqual(["/v1/chat/completions", "assistant", true]);
    response.writeHead(200, headers);
    response.write(openAiEvent({ role: "assistant", content: "One " }));
    await page.getByText("One", { exact: true }).waitFor();
    expect(await page.locator("#answer").textContent()).toBe("One ");
    expect(await page.locator("#decision").textContent()).toContain("assistant-flash");
    response.write(openAiEvent({ content: "two " }));
    await page.getByText("One two", { exact: true }).waitFor();
    response.end(`${openAiEvent({ content: "three." }, "stop")}data: [DONE]\n\n`);
    await page.locator("#state[data-state='done']").waitFor();
    expect(await page.locator("#answer").textContent()).toBe("One two three.");
    await page.locator("#attempts td", { hasText: "flash" }).waitFor();
    const decision = await page.locator("#decision").textContent();
    expect(decision).toContain("First token215 ms");
    expect(decision).toContain("Tokens out22 + 8 thought");
    expect(await page.locator("#candidates").textContent()).toContain("assistant-lite");
    expect(misconduct).toEqual({ foreign: [], complaints: [] });
  });

  test("playground: Gemini's dialect shows thoughts apart", async () => {
    await page.goto(`${origin}/playground?model=gemini-3.8-flash`);
    await page.locator("#model option[value='gemini-3.8-flash']").waitFor({ state: "attached" });
    await page.getByLabel("Dialect").selectOption("gemini");
    await page.getByRole("button", { name: "Send" }).click();
    const { response, path } = await nextStream();
    expect(path).toBe("/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse");
    response.writeHead(200, headers);
    response.write(geminiEvent({ text: "Let me think.", thought: true }));
    response.end(geminiEvent({ text: "Done." }, "STOP"));
    await page.locator("#state[data-state='done']").waitFor();
    expect(await page.locator("#answer .thought").textContent()).toBe("Let me think.");
    expect(await page.locator("#answer .text").textContent()).toBe("Done.");
  });

  test("playground: Anthropic's dialect shows thoughts apart", async () => {
    await page.goto(`${origin}/playground?model=gemini-3.8-flash`);
    await page.locator("#model option[value='gemini-3.8-flash']").waitFor({ state: "attached" });
    await page.getByLabel("Dialect").selectOption("anthropic");
    await page.getByRole("button", { name: "Send" }).click();
    const { response, path, body } = await nextStream();
    expect([path, body.model]).toEqual(["/v1/messages", "gemini-3.8-flash"]);
    response.writeHead(200, headers);
    const delta = (fields: object) => anthropicEvent("content_block_delta", { index: 0, delta: fields });
    response.write(delta({ type: "thinking_delta", thinking: "Let me think." }));
    response.write(delta({ type: "text_delta", text: "Done." }));
    response.end(anthropicEvent("message_delta", { delta: { stop_reason: "end_turn" } }));
    await page.locator("#state[data-state='done']").waitFor();
    expect(await page.locator("#answer .thought").textContent()).toBe("Let me think.");
    expect(await page.locator("#answer .text").textContent()).toBe("Done.");
  });

  test("playground: abort closes the connection", async () => {
    await page.goto(`${origin}/playground`);
    await page.locator("#model option").first().waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Send" }).click();
    const { response } = await nextStream();
    const closed = new Promise((resolve) => response.once("close", resolve));
    response.writeHead(200, headers);
    response.write(openAiEvent({ content: "One " }));
    await page.getByText("One", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Abort" }).click();
    await closed;
    await page.locator("#state[data-state='aborted']").waitFor();
  });

  test.each([
    [
      "an error before the stream",
      (response: ServerResponse) =>
        response
          .writeHead(404, { "content-type": "application/json" })
          .end('{"error":{"message":"Cannot find model"}}'),
      "404: Cannot find model",
    ],
    [
      "an error in the stream",
      (response: ServerResponse) =>
        response.writeHead(200, headers).end('data: {"error":{"message":"The provider failed"}}\n\n'),
      "The provider failed",
    ],
    [
      "a stream cut off",
      (response: ServerResponse) => response.writeHead(200, headers).end(openAiEvent({ content: "One" })),
      "The stream ended before the answer did",
    ],
  ])("playground: %s is told", async (_name, answer, text) => {
    await page.goto(`${origin}/playground`);
    await page.locator("#model option").first().waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Send" }).click();
    answer((await nextStream()).response);
    await page.getByRole("alert").getByText(text).waitFor();
    await page.locator("#state[data-state='failed']").waitFor();
  });

  test("playground: every control has a label", async () => {
    await page.goto(`${origin}/playground`);
    const unlabelled = await page
      .locator("select, input, textarea, button")
      .evaluateAll(
        (controls) =>
          controls.filter(
            (one) =>
              !("labels" in one && (one.labels as { length: number }).length > 0) && !one.textContent?.trim(),
          ).length,
      );
    expect(unlabelled).toBe(0);
  });
});

const headers = {
  "content-type": "text/event-stream",
  "x-signalbox-request-id": requestId,
  "x-signalbox-variant": "assistant-flash",
  "server-timing": "gateway;dur=0.42",
};

function openAiEvent(delta: object, finish_reason: string | null = null): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}

function anthropicEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function geminiEvent(part: object, finishReason?: string): string {
  return `data: ${JSON.stringify({ candidates: [{ content: { parts: [part] }, finishReason }] })}\r\n\r\n`;
}
