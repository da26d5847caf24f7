import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSignalbox, type Said } from "../support/run-signalbox.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";

const configuration = `
version: 1
# Who answers
providers:
  google: { dialect: gemini, api_key: "\${GEMINI_API_KEY}", emulate: without_key }
  in-house: { dialect: openai-chat, base_url: "EMULATOR/v1", api_key: "\${IN_HOUSE_KEY}", private_network: true }
deployments:
  flash: { provider: google, model: gemini-3.8-flash }
variants:
  chat-flash: { pool: [ flash ] }
routes:
  chat: { strategy: { weighted: { chat-flash: 100% } } }
`;

let box: TestSignalbox;

beforeAll(async () => {
  box = await startTestSignalbox({ configuration });
});

afterAll(() => box.close());

function signalbox(...words: readonly string[]): Promise<Said> {
  return runSignalbox(box.url, ...words);
}

async function api(path: string): Promise<unknown> {
  return (await fetch(box.url + path)).json();
}

describe("signalbox deploy", () => {
  test("tries a model, line by line, and then brings it into the configuration with its share", async () => {
    const said = await signalbox(
      "deploy",
      "gemini-4-hydrogen",
      "--provider",
      "google",
      "--name",
      "hydrogen",
      "--route",
      "chat",
      "--share",
      "5%",
    );
    expect(said).toMatchObject({ status: 0, err: "" });
    const lines = said.out.split("\n");
    expect(lines[0]).toBe("Verifying hydrogen: gemini-4-hydrogen at google");
    expect(lines.slice(1, 9).map((line) => line.trim().split(/\s+/).slice(0, 2))).toEqual(
      ["text", "stream", "tools", "structured-output", "image", "long-context", "usage", "price"].map(
        (check) => ["passed", check],
      ),
    );
    expect(lines[9]).toBe("hydrogen is ready and takes 5% of route chat");
    expect(await api("/api/configuration")).toMatchObject({
      number: 2,
      comment: "deploy hydrogen: passed its verification",
      settings: { routes: { chat: { strategy: { weighted: { "chat-flash": "95%", hydrogen: "5%" } } } } },
    });
    const { text } = (await api("/api/configuration/versions/2")) as { text: string };
    expect(text).toContain("# Who answers\n");
    expect(await api("/api/deployments/hydrogen")).toMatchObject({
      state: "ready",
      usable: true,
      configured: true,
    });
  }, 30_000);

  test("what it asked is in the log, priced, under its tag", async () => {
    const { report } = (await api("/api/deployments/hydrogen")) as {
      report: { lines: readonly { check: string; request_ids: readonly string[] }[] };
    };
    const ids = report.lines.flatMap(({ request_ids }) => request_ids);
    expect(ids).toHaveLength(6);
    for (const id of ids)
      expect(await box.request(id)).toMatchObject({
        tags: { verification: "hydrogen" },
        outcome: "completed",
        cost: { usd: expect.stringMatching(/^0\.\d*[1-9]/) },
      });
  });

  test("says what failed, changes nothing, and ends with 1", async () => {
    box.addFault({ fault: "500", model: "gemini-4-carbon" });
    const said = await signalbox("deploy", "gemini-4-carbon", "--provider", "google", "--json");
    expect(said.status).toBe(1);
    const deployment = JSON.parse(said.out);
    expect(deployment).toMatchObject({
      name: "gemini-4-carbon-2",
      state: "refused",
      why: expect.stringMatching(/^text: 50\d: /),
      usable: false,
      configured: false,
    });
    expect(deployment.report.lines.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      "failed",
      "skipped",
      "skipped",
      "skipped",
      "skipped",
      "skipped",
      "skipped",
      "passed",
    ]);
    expect(await api("/api/configuration")).toMatchObject({ number: 2 });
    expect((await signalbox("deployments", "enable", "gemini-4-carbon-2")).status).toBe(1);
  }, 30_000);

  test("refuses a model whose price nobody knows", async () => {
    const said = await signalbox("deploy", "qwen3-32b", "--provider", "in-house");
    expect(said.status).toBe(1);
    expect(said.out).toContain("price: nobody knows what qwen3-32b costs there");
  }, 30_000);

  test.each([
    { words: ["nothing"], status: 2, text: "the provider is wanted, there are google, in-house" },
    { words: ["x", "--provider", "nobody"], status: 1, text: "nobody" },
    {
      words: ["x", "--provider", "google", "--name", "flash"],
      status: 1,
      text: "a name that nothing has is wanted",
    },
    {
      words: ["x", "--provider", "google", "--route", "chat"],
      status: 2,
      text: "--route and --share are wanted together",
    },
    {
      words: ["gemini-embedding-2", "--provider", "google"],
      status: 2,
      text: "a model that chats is wanted",
    },
  ])("$words: $text", async ({ words, status, text }) => {
    const said = await signalbox("deploy", ...words);
    expect(said.status).toBe(status);
    expect(said.err).toContain(text);
  });
});

describe("signalbox deployments", () => {
  test("lists what there is and how it stands; drains, weighs, enables", async () => {
    expect((await signalbox("deployments", "weight", "flash", "3", "--why", "a larger quota")).out).toMatch(
      /^flash {2}ready {2}weight 3 \(configured: 1\) {2}gemini-3\.8-flash at google {2}\(a larger quota\)\n$/,
    );
    expect((await signalbox("deployments", "drain", "flash")).status).toBe(0);
    const listed = await signalbox("deployments", "list");
    expect(listed.out).toMatch(/^flash +drain(ing|ed) .* since 2\d{3}-/m);
    expect(listed.out).toMatch(/^\d+ more for the models of the catalog/m);
    expect((await signalbox("deployments", "enable", "flash", "--epoch", "0")).status).toBe(1);
    expect((await signalbox("deployments", "enable", "flash")).status).toBe(0);
    expect((await signalbox("deployments", "drain", "nothing")).status).toBe(2);
  }, 30_000);

  test("warns of models that end", async () => {
    const { out } = await signalbox("deployments", "list", "--all");
    expect(out).toMatch(/^ {4}! gemini-[\w.-]+ (is|was) shut down on \d{4}-\d\d-\d\d.*; use gemini-/m);
  });
});
