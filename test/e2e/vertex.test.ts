import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { startTokenServer, type TokenServer } from "../support/token-server.ts";

const configuration = ({ serviceAccountFile }: Pick<TokenServer, "serviceAccountFile">) => `
version: 1
providers:
  vertex-eu:
    dialect: gemini
    base_url: EMULATOR
    private_network: true
    vertex: { project: test-project, location: europe-west4, credentials_file: "${serviceAccountFile}" }
    tags: { region: eu }
deployments:
  flash-eu: { provider: vertex-eu, model: gemini-3.8-flash }
  embedding-eu: { provider: vertex-eu, model: gemini-embedding-001 }
  embedding-2-eu: { provider: vertex-eu, model: gemini-embedding-2 }
variants:
  eu: { pool: [flash-eu] }
routes:
  chat: { strategy: { use: eu } }
`;

async function post(box: TestSignalbox, path: string, body: unknown) {
  const response = await fetch(box.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Whether Google's library has been loaded into this process. */
function isLibraryLoaded(): boolean {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).some((path) => path.includes("/google-auth-library/"));
}

// First of all here: what is loaded stays loaded.
test("Google's library is not loaded while no Vertex AI is called", async () => {
  await using tokens = await startTokenServer();
  await using box = await startTestSignalbox();
  expect((await fetch(`${box.url}/readyz`)).status).toBe(200);
  expect(isLibraryLoaded()).toBe(false);
  await using vertexBox = await startTestSignalbox({ configuration: configuration(tokens) });
  expect((await fetch(`${vertexBox.url}/readyz`)).status).toBe(200);
  expect(isLibraryLoaded()).toBe(true);
});

test("Vertex AI answers in both dialects, whole and streamed, with one token for all", async () => {
  await using tokens = await startTokenServer();
  await using box = await startTestSignalbox({ configuration: configuration(tokens) });
  const said = { contents: [{ parts: [{ text: "[[say:Guten Tag]]" }] }] };
  const chat = {
    model: "chat",
    messages: [{ role: "user", content: "[[say:Guten Tag]]" }],
    metadata: { team: "support", Reason: "Not A Label" },
  };
  const answers = [
    await post(box, "/v1beta/models/chat:generateContent", said),
    await post(box, "/v1beta/models/chat:streamGenerateContent?alt=sse", said),
    await post(box, "/v1/chat/completions", chat),
    await post(box, "/v1/chat/completions", { ...chat, stream: true }),
  ];
  for (const { status, text, headers } of answers) {
    expect([status, text]).toEqual([200, expect.stringContaining("Guten")]);
    expect(headers.get("x-signalbox-deployment")).toBe("flash-eu");
  }
  // The label that Google Cloud does not take is named, the other one went.
  const [, , third] = answers;
  const logged = await box.request(third?.headers.get("x-signalbox-request-id") ?? "");
  expect(JSON.stringify(logged)).toContain("metadata.Reason");
  expect(JSON.stringify(logged)).not.toContain("metadata.team");
  expect(tokens.grants).toEqual(["service-account"]);
});

test("tokens are counted, and texts embedded, as Vertex AI has it", async () => {
  await using tokens = await startTokenServer();
  await using box = await startTestSignalbox({ configuration: configuration(tokens) });
  const counted = await post(box, "/v1beta/models/chat:countTokens", {
    generateContentRequest: {
      model: "models/chat",
      systemInstruction: { parts: [{ text: "Be brief" }] },
      contents: [{ parts: [{ text: "How are you?" }] }],
    },
  });
  expect([counted.status, JSON.parse(counted.text)]).toEqual([
    200,
    expect.objectContaining({ totalTokens: expect.any(Number) }),
  ]);
  const two = await post(box, "/v1/embeddings", {
    model: "embedding-eu",
    input: ["one", "two"],
    dimensions: 8,
  });
  expect([two.status, JSON.parse(two.text)]).toEqual([
    200,
    expect.objectContaining({ data: [expect.anything(), expect.anything()], usage: expect.anything() }),
  ]);
  const one = await post(box, "/v1/embeddings", { model: "embedding-2-eu", input: ["one"], dimensions: 8 });
  expect(one.status).toBe(200);
  const both = await post(box, "/v1/embeddings", { model: "embedding-2-eu", input: ["one", "two"] });
  expect([both.status, both.text]).toEqual([400, expect.stringContaining("embeds one text a call")]);
});

test("a token server that is down at the start is told in an answer, a metric, and comes back by itself", async () => {
  await using tokens = await startTokenServer();
  tokens.trouble = 400;
  await using box = await startTestSignalbox({ configuration: configuration(tokens) });
  const ask = () =>
    post(box, "/v1beta/models/chat:generateContent", { contents: [{ parts: [{ text: "Hello" }] }] });
  const refused = await ask();
  expect(refused.status).toBeGreaterThanOrEqual(500);
  expect(refused.text).not.toContain("not-to-be-seen");
  expect(box.ledger()).toEqual([]);
  const metrics = await (await fetch(`${box.url}/metrics`)).text();
  expect(metrics).toMatch(
    /^signalbox_provider_token_renewals_total\{provider="vertex-eu",outcome="failed"\} [1-9]/m,
  );
  tokens.trouble = undefined;
  await box.eventually(async () => (await ask()).status === 200);
});

test("tokens that end soon are renewed while requests go on, and no request waits or fails", async () => {
  await using tokens = await startTokenServer();
  tokens.lifetimeSeconds = 2;
  await using box = await startTestSignalbox({ configuration: configuration(tokens) });
  const statuses = new Set<number>();
  await box.eventually(async () => {
    const { status } = await post(box, "/v1beta/models/chat:generateContent", {
      contents: [{ parts: [{ text: "Hello" }] }],
    });
    statuses.add(status);
    return tokens.tokens.length >= 3;
  });
  expect([...statuses]).toEqual([200]);
});
