import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSignalbox, spawnSignalbox, type Said } from "../support/run-signalbox.ts";
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

/** What each line of a report says of its check, as the command tells it. */
function checksIn(out: string): readonly (readonly string[])[] {
  const lines = out.split("\n").filter((line) => /^ {2}(passed|failed|skipped) /.test(line));
  return lines.map((line) => line.trim().split(/\s+/).slice(0, 2));
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
    expect(said.out).toMatch(/^Verifying hydrogen: gemini-4-hydrogen at google\n/);
    expect(checksIn(said.out)).toEqual(
      ["text", "stream", "tools", "structured-output", "image", "long-context", "usage", "price"].map(
        (check) => ["passed", check],
      ),
    );
    expect(said.out).toMatch(/\nhydrogen is ready and takes 5% of route chat\n$/);
    expect(await api("/api/configuration")).toMatchObject({
      number: 2,
      comment: "deploy hydrogen: passed its verification",
      settings: { routes: { chat: { strategy: { weighted: { "chat-flash": "95%", hydrogen: "5%" } } } } },
    });
    const [before, after] = (await Promise.all(
      [1, 2].map((number) => api(`/api/configuration/versions/${number}`)),
    )) as readonly { text: string }[];
    // Nothing but what it takes: comments, spaces and order stay.
    const own = after?.text
      .replace("  hydrogen: { provider: google, model: gemini-4-hydrogen }\n", "")
      .replace("  hydrogen: { pool: [ hydrogen ] }\n", "");
    expect(own?.replace("{ chat-flash: 95%, hydrogen: 5% }", "{ chat-flash: 100% }")).toBe(before?.text);
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

  test("refuses a model whose price nobody knows, and takes it with one", async () => {
    const refused = await signalbox("deploy", "qwen3-32b", "--provider", "in-house", "--name", "qwen");
    expect(refused.status).toBe(1);
    expect(refused.out).toContain("price: nobody knows what qwen3-32b costs there");
    const priced = ["--name", "qwen", "--price", "0.10/$0.30/0.01"];
    const said = await signalbox("deploy", "qwen3-32b", "--provider", "in-house", ...priced);
    expect(said).toMatchObject({ status: 0, err: "" });
    expect(checksIn(said.out)).toContainEqual(["passed", "price"]);
    expect(await api("/api/configuration")).toMatchObject({
      settings: {
        deployments: { qwen: { price: { input: "$0.10", output: "$0.30", cached_input: "$0.01" } } },
      },
    });
    const asked = await fetch(`${box.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "qwen", messages: [{ role: "user", content: "Hello" }] }),
    });
    await asked.text();
    const request = await box.request(asked.headers.get("x-signalbox-request-id") ?? "");
    expect(request["cost"]).toMatchObject({ usd: expect.stringMatching(/^0\.0*[1-9]/), estimated: false });
  }, 30_000);

  test("tries one that makes vectors for what they are", async () => {
    const known = await signalbox(
      "deploy",
      "gemini-embedding-2",
      "--provider",
      "google",
      "--name",
      "vectors",
    );
    expect(known).toMatchObject({ status: 0, err: "" });
    const names = ["vector", "batch", "dimensions", "usage", "price"];
    expect(checksIn(known.out)).toEqual(names.map((name) => ["passed", name]));
    expect(known.out).toContain("embeds a text in 3072 numbers");
    const words = ["--provider", "in-house", "--kind", "embeddings", "--price", "0.02"];
    const own = await signalbox("deploy", "text-embedding-3-small", ...words);
    expect(own).toMatchObject({ status: 0, err: "" });
    expect(await api("/api/configuration")).toMatchObject({
      settings: {
        deployments: {
          "text-embedding-3-small": {
            capabilities: { operations: ["embeddings"] },
            price: { input: "$0.02", output: "$0" },
          },
        },
      },
    });
  }, 30_000);

  test("a refused one is forgotten when somebody says so, and only that", async () => {
    expect((await signalbox("deployments", "forget", "flash")).err).toContain("nobody has touched it");
    expect((await signalbox("deployments", "forget", "hydrogen")).err).toContain(
      "the configuration names it",
    );
    const forget = ["deployments", "forget", "gemini-4-carbon-2", "--why", "never mind"];
    expect((await signalbox(...forget, "--epoch", "1")).status).toBe(1);
    expect(await signalbox(...forget)).toEqual({
      status: 0,
      out: "gemini-4-carbon-2 is forgotten; it was refused\n",
      err: "",
    });
    expect((await fetch(`${box.url}/api/deployments/gemini-4-carbon-2`)).status).toBe(404);
    expect((await signalbox(...forget)).status).toBe(2);
  });

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
      words: ["gemini-embedding-2", "--provider", "google", "--kind", "chat"],
      status: 2,
      text: "it is one for embeddings",
    },
    {
      words: ["qwen3-32b", "--provider", "in-house", "--price", "0.1"],
      status: 2,
      text: "that of the output is missing",
    },
    { words: ["x", "--price", "cheap"], status: 2, text: "dollars such as 0.10/0.30" },
  ])("$words: $text", async ({ words, status, text }) => {
    const said = await signalbox("deploy", ...words);
    expect(said.status).toBe(status);
    expect(said.err).toContain(text);
  });

  test("ends so in a shell too", async () => {
    const said = await spawnSignalbox(box.url, "deploy", "gemini-4-hydrogen", "--name", "flash");
    expect(said).toMatchObject({ status: 1, out: "" });
    expect(said.err).toContain("the configuration has it");
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

test.each([
  ["a name with NUL", "DELETE", "/api/deployments/%00", undefined],
  ["a name with a line's end", "POST", "/api/deployments/a%0d%0ab/drain", {}],
  ["a model of broken Unicode", "POST", "/api/deployments", { model: "\ud800", provider: "google" }],
  [
    "a model with orders for a terminal",
    "POST",
    "/api/deployments",
    { model: "\u001b[2J", provider: "google" },
  ],
])("%s is refused, never an error of ours", async (_, method, path, body) => {
  const response = await fetch(box.url + path, {
    method,
    ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("control characters");
});
