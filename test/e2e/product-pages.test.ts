import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { browserIsMissing, startBrowser, watched, type Misconduct } from "./browser.test-support.ts";

// Of the browser, for the functions that run there; the rest of the tests knows no page.
declare function requestAnimationFrame(callback: () => void): number;
declare function getComputedStyle(element: unknown): { readonly backgroundColor: string };

/** Slow enough that a stream is seen growing, and the same in each run. */
const pace = {
  firstTokenMsMedian: 30,
  firstTokenSigma: 0,
  tokensPerSecondMedian: 200,
  tokensPerSecondSigma: 0,
};
const latency = { "gemini-3.8-flash": pace, "gemini-3.5-flash-lite": pace, "gemini-4-argon": pace };

const adminKey = "the-admin-key-of-this-test";

describe.skipIf(browserIsMissing)("the pages of a running Signalbox", () => {
  let signalbox: TestSignalbox;
  let locked: TestSignalbox;
  let browser: Browser;
  let page: Page;
  let misconduct: Misconduct;

  beforeAll(async () => {
    signalbox = await startTestSignalbox({ latency });
    locked = await startTestSignalbox({ adminKey });
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await signalbox?.close();
    await locked?.close();
  });

  beforeEach(async () => {
    const context = await browser.newContext();
    page = await context.newPage();
    misconduct = watched(page, signalbox.url);
    return () => context.close();
  });

  describe("/docs", () => {
    test("offers what is live: every route and chat model, in both dialects", async () => {
      await page.goto(`${signalbox.url}/docs`);
      const shown = await modelChoices(await opened(page, "Gemini-generateContent"));
      expect(shown).toEqual(expect.arrayContaining(["chat", ...(await liveChatModels(signalbox))]));

      const chat = await opened(page, "OpenAI-createChatCompletion");
      await chat.getByText("Schema", { exact: true }).first().click();
      const model = chat.locator(".json-schema-2020-12-property", { hasText: /^model/ }).first();
      await model.getByRole("button", { name: "Expand all" }).first().click();
      const values = await model.locator(".json-schema-2020-12-keyword--enum").first().textContent();
      for (const name of shown) expect(values).toContain(name);
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test("a chat completion is tried by click, and stands in the log", async () => {
      await page.goto(`${signalbox.url}/docs`);
      const operation = await opened(page, "OpenAI-createChatCompletion");
      await fillBody(operation, {
        model: "chat",
        messages: [{ role: "user", content: "[[say:Hello by click]] Hi" }],
      });
      const { status, body, headers } = await executed(operation);
      expect(status).toBe("200");
      expect(body).toMatchObject({
        object: "chat.completion",
        choices: [{ message: { role: "assistant", content: "Hello by click" }, finish_reason: "stop" }],
      });
      expect(headers).toContain("x-signalbox-route: chat");
      const requestId = /x-signalbox-request-id: (\S+)/.exec(headers)?.[1] ?? "";
      expect(await signalbox.request(requestId)).toMatchObject({ outcome: "completed", route: "chat" });
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test.each([
      ["OpenAI-createChatCompletion", { object: "chat.completion" }],
      ["OpenAI-createEmbedding", { object: "list" }],
      ["Gemini-countTokens", { totalTokens: expect.any(Number) }],
      ["Anthropic-createMessage", { type: "message" }],
      ["Anthropic-countMessageTokens", { input_tokens: expect.any(Number) }],
    ])("the example of %s works as it stands", async (operation, wanted) => {
      await page.goto(`${signalbox.url}/docs`);
      const { status, body } = await executed(await opened(page, operation));
      expect([status, body]).toEqual(["200", expect.objectContaining(wanted)]);
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test("a Gemini call is tried by click with a model chosen from the list", async () => {
      await page.goto(`${signalbox.url}/docs`);
      const operation = await opened(page, "Gemini-generateContent");
      await operation.locator("tr[data-param-name='model'] select").selectOption("gemini-4-argon");
      await fillBody(operation, { contents: [{ role: "user", parts: [{ text: "[[say:Salut]] Hi" }] }] });
      const { status, body } = await executed(operation);
      expect(status).toBe("200");
      expect(body).toMatchObject({
        modelVersion: "gemini-4-argon",
        candidates: [{ content: { parts: [{ text: "Salut" }] }, finishReason: "STOP" }],
      });
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test.each(["OpenAI-createChatCompletion", "Gemini-generateContent", "Requests-listRequests"])(
      "a locked gateway refuses %s, and serves who has authorised himself in the page",
      async (name) => {
        const secret = await locked.createKey("pages");
        await page.goto(`${locked.url}/docs`);
        const operation = await opened(page, name);
        expect((await executed(operation)).status).toBe("401");
        await authorize(page, { bearer: secret, googApiKey: secret, adminKey });
        expect((await executed(operation)).status).toBe("200");
      },
    );

    test("follows a dark system", async () => {
      await page.emulateMedia({ colorScheme: "dark" });
      await page.goto(`${signalbox.url}/docs`);
      await page.locator(".opblock").first().waitFor();
      expect(await brightness(page.locator("#swagger-ui .swagger-ui"))).toBeLessThan(64);
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator("html:not(.dark-mode)").waitFor();
    });
  });

  describe("/playground", () => {
    test.each([
      ["OpenAI", "chat"],
      ["OpenAI", "gemini-4-argon"],
      ["Gemini", "chat"],
      ["Gemini", "gemini-3.8-flash"],
      ["Gemini", "compatible"],
      ["Anthropic", "chat"],
      ["Anthropic", "compatible"],
      ["OpenAI Responses", "chat"],
      ["OpenAI Responses", "compatible"],
    ])("in %s's dialect %s is seen growing, then its decision", async (dialect, model) => {
      await openPlayground(page, signalbox);
      await page.getByLabel("Dialect").selectOption({ label: dialect });
      await page.getByLabel("Route, model or deployment").selectOption(model);
      await page.getByLabel("Prompt").fill("[[tokens=120]] [[frame-tokens=4]] [[thoughts=0]] Tell a story");
      const lengths = await watchAnswer(page);
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#state[data-state='done']").waitFor();
      const grown = await lengths();
      const whole = (await page.locator("#answer").textContent())?.length ?? 0;
      // The other provider's emulated models take no time; their frames may arrive together.
      if (model !== "compatible") expect(grown.filter((length) => length < whole).length).toBeGreaterThan(2);
      expect(whole).toBeGreaterThan(80);

      await page.locator("#attempts td").first().waitFor();
      const facts = await decision(page);
      const [row] = signalbox.ledger().slice(-1);
      expect(facts).toMatchObject({
        Outcome: "completed (200)",
        Route: model,
        "First token": expect.stringMatching(/^\d+(\.\d)? ms$/),
        "Tokens in": `${row?.promptTokens}`,
        "Tokens out": "120",
        Finish: "stop",
        Emulated: model === "compatible" ? "no" : "yes",
      });
      const record = await signalbox.request(facts["Request"] ?? "");
      expect([facts["Variant"], facts["Deployment"]]).toEqual([record["variant"], record["deployment"]]);
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test("abort ends the call at the provider", async () => {
      await openPlayground(page, signalbox);
      await page.getByLabel("Prompt").fill("[[tokens=20000]] Tell a long story");
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#answer .text").waitFor();
      await page.getByRole("button", { name: "Abort" }).click();
      await page.locator("#state[data-state='aborted']").waitFor();
      await page.locator("#attempts td").first().waitFor();
      expect((await decision(page))["Outcome"]).toMatch(/^aborted/);
      await signalbox.eventually(() => signalbox.ledger().at(-1)?.outcome === "aborted");
      expect(misconduct).toEqual({ foreign: [], complaints: [] });
    });

    test("a failure is told, with each attempt, and the next call works", async () => {
      await openPlayground(page, signalbox);
      await page.getByLabel("Prompt").fill("[[fault:503]] Hi");
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#state[data-state='failed']").waitFor();
      await page.getByRole("alert").getByText("503").waitFor();
      await page.locator("#attempts td").first().waitFor();
      expect(await page.locator("#attempts").textContent()).toContain("overloaded");
      expect((await decision(page))["Outcome"]).toBe("failed (503)");
      // The browser itself says so of every 5xx; nothing else may be said.
      expect(misconduct.complaints.every((text) => text.includes("503"))).toBe(true);

      await page.getByLabel("Prompt").fill("Hi");
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#state[data-state='done']").waitFor();
      expect(await page.getByRole("alert").isVisible()).toBe(false);
    });

    test("a stream that breaks in the middle keeps its text and says so", async () => {
      await openPlayground(page, signalbox);
      await page
        .getByLabel("Prompt")
        .fill("[[tokens=40]] [[frame-tokens=4]] [[thoughts=0]] [[fault:cut-after-tokens=20]] Hi");
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#state[data-state='failed']").waitFor();
      expect(await page.getByRole("alert").textContent()).not.toBe("");
      expect((await page.locator("#answer").textContent())?.length).toBeGreaterThan(20);
    });

    test("a locked gateway asks for keys, and works with them", async () => {
      const secret = await locked.createKey("playground");
      await page.goto(`${locked.url}/playground`);
      await page.getByLabel("API key").fill(secret);
      await page.getByLabel("Admin key").fill(adminKey);
      await page.getByLabel("Admin key").press("Tab");
      await page.locator("#model option[value='chat']").waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("#state[data-state='done']").waitFor();
      await page.locator("#attempts td").first().waitFor();
      expect((await decision(page))["Route"]).toBe("chat");
    });
  });

  test("the front page leads to both", async () => {
    await page.goto(signalbox.url);
    await page.getByRole("link", { name: "Playground" }).click();
    await page.getByRole("button", { name: "Send" }).waitFor();
    await page.getByRole("link", { name: "API reference" }).click();
    await page.locator(".opblock").first().waitFor();
    expect(misconduct).toEqual({ foreign: [], complaints: [] });
  });
});

async function openPlayground(page: Page, { url }: TestSignalbox): Promise<void> {
  await page.goto(`${url}/playground`);
  await page.locator("#model option").first().waitFor({ state: "attached" });
}

/** Notes the length of the answer's text at every frame that is painted; the function tells the different ones. */
async function watchAnswer(page: Page): Promise<() => Promise<readonly number[]>> {
  const seen = await page.locator("#answer").evaluateHandle((answer) => {
    const lengths = new Set<number>();
    const look = (): void => {
      lengths.add(answer.textContent?.length ?? 0);
      requestAnimationFrame(look);
    };
    look();
    return lengths;
  });
  return () => seen.evaluate((lengths) => [...lengths].filter((length) => length > 0));
}

/** The decision's facts by their labels. */
async function decision(page: Page): Promise<Readonly<Record<string, string>>> {
  const labels = await page.locator("#decision dt").allTextContents();
  const values = await page.locator("#decision dd").allTextContents();
  return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ""]));
}

/** An operation of Swagger UI, unfolded; it is ready to be executed then. */
async function opened(page: Page, name: string): Promise<Locator> {
  const operation = page.locator(`#operations-${name}`);
  await operation.locator(".opblock-summary").click();
  await operation.locator("button.execute").waitFor();
  return operation;
}

async function fillBody(operation: Locator, body: object): Promise<void> {
  await operation.locator("textarea.body-param__text").fill(JSON.stringify(body));
}

/** Presses Execute and tells the live answer. */
async function executed(
  operation: Locator,
): Promise<{ readonly status: string; readonly body: unknown; readonly headers: string }> {
  // A former answer is taken away, so that the one that is read is new.
  const clear = operation.locator("button.btn-clear");
  if (await clear.isVisible()) await clear.click();
  await operation.locator("button.execute").click();
  const live = operation.locator("table.live-responses-table");
  await live.locator("tbody .response-col_status").waitFor();
  const status = await live.locator("tbody .response-col_status").first().textContent();
  const blocks = await live.locator("tbody .microlight").allTextContents();
  return {
    status: /\d+/.exec(status ?? "")?.[0] ?? "",
    body: JSON.parse(blocks[0] ?? "null"),
    headers: (blocks[1] ?? "").replaceAll(/\s*\n\s*/g, "\n"),
  };
}

async function authorize(page: Page, keys: Readonly<Record<string, string>>): Promise<void> {
  await page.locator(".auth-wrapper button.authorize").first().click();
  for (const [scheme, key] of Object.entries(keys)) {
    const form = page
      .locator(".auth-container")
      .filter({ has: page.locator("h4", { hasText: new RegExp(`^\\s*${scheme}\\b`) }) });
    await form.locator("input").fill(key);
    await form.locator("button.authorize").click();
  }
  await page.locator("button.btn-done").first().click();
}

function modelChoices(operation: Locator): Promise<readonly string[]> {
  return operation.locator("tr[data-param-name='model'] select option").allTextContents();
}

async function liveChatModels({ url }: TestSignalbox): Promise<readonly string[]> {
  const response = await fetch(`${url}/api/models`);
  // The shape is what the schema of this endpoint promises.
  const { models } = (await response.json()) as {
    models: readonly {
      readonly id: string;
      readonly usable: boolean;
      readonly operations: readonly string[];
    }[];
  };
  return models.filter(({ usable, operations }) => usable && operations.includes("chat")).map(({ id }) => id);
}

/** How bright an element's ground is, 0 (black) to 255. */
async function brightness(element: Locator): Promise<number> {
  const colour = await element.evaluate((one) => getComputedStyle(one).backgroundColor);
  const parts = (/\d+, \d+, \d+/.exec(colour)?.[0] ?? "255, 255, 255").split(", ").map(Number);
  return Math.max(...parts);
}
