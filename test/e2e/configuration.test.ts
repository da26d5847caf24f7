import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";

const adminKey = "an-administrator's-key";
const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

let box: TestSignalbox;
let folder: string;

beforeAll(async () => {
  box = await startTestSignalbox({ adminKey });
  folder = mkdtempSync(join(tmpdir(), "signalbox-configuration-"));
});

afterAll(async () => {
  await box.close();
  rmSync(folder, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly body: JsonObject;
}

async function call(path: string, body?: unknown, key = adminKey): Promise<Reply> {
  const response = await fetch(`${box.url}/api/configuration${path}`, {
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: isJsonObject(answer) ? answer : {} };
}

/** The test configuration, with other shares of the route `chat`. */
function withShares(shares: string): string {
  const text = testConfiguration.replaceAll("EMULATOR", box.emulatorUrl);
  return text.replace(/\{ weighted: .* \}/, `{ weighted: { ${shares} } }`);
}

function hashOf({ version }: JsonObject): string {
  return typeof version === "string" ? version : "";
}

async function newestNumber(): Promise<number> {
  return Number((await call("")).body["number"]);
}

async function chat(key: string): Promise<Response> {
  return fetch(`${box.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "Hello" }] }),
  });
}

describe("a configuration that is applied by a call", () => {
  test("decides the next request, and is what the API shows", async () => {
    const applied = await call("/apply", {
      text: withShares("chat-lite: 100%"),
      base: "1",
      comment: "all to lite",
    });
    const version = { number: 2, parent: 1, source: "api", applied_by: "admin", comment: "all to lite" };
    expect(applied).toMatchObject({ status: 200, body: { change: "applied", version } });
    const answer = await chat(adminKey);
    expect(answer.headers.get("x-signalbox-variant")).toBe("chat-lite");
    const request = await box.request(answer.headers.get("x-signalbox-request-id") ?? "");
    const { body } = await call("");
    expect(request["decision"]).toMatchObject({ snapshot: { configuration: body["version"] } });
    expect(body).toMatchObject({ ...version, file: { state: "replaced", problem: null }, refused: null });
  });

  test("brings its routes into the lists of models and into the API's document", async () => {
    const text = `${withShares("chat-lite: 100%")}  fresh-route: { strategy: { use: chat-argon } }\n`;
    await call("/apply", { text });
    const headers = { authorization: `Bearer ${adminKey}` };
    for (const path of ["/v1/models", "/openapi.json", "/api/routes"])
      expect(await (await fetch(box.url + path, { headers })).text(), path).toContain("fresh-route");
    await call("/apply", { text: withShares("chat-lite: 100%") });
    for (const path of ["/v1/models", "/openapi.json", "/api/routes"])
      expect(await (await fetch(box.url + path, { headers })).text(), path).not.toContain("fresh-route");
  });

  test("again makes no version; on a stale base it is refused, and nothing changes", async () => {
    const text = withShares("chat-lite: 40%, chat-flash: 60%");
    await call("/apply", { text });
    const number = await newestNumber();
    expect(await call("/apply", { text })).toMatchObject({ status: 200, body: { change: "unchanged" } });
    const stale = await call("/apply", { text: withShares("chat-argon: 100%"), base: "1" });
    expect(stale).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(stale.body["detail"]).toMatch(
      /^Cannot apply the configuration: version 1 is wanted as the newest, it is version \d+ \(\w{12}\), applied by admin/,
    );
    expect(await newestNumber()).toBe(number);
  });

  test("of two at once on one base exactly one comes into force", async () => {
    const base = String(await newestNumber());
    const replies = await Promise.all(
      ["chat-lite: 1%, chat-flash: 99%", "chat-lite: 2%, chat-flash: 98%"].map((shares) =>
        call("/apply", { text: withShares(shares), base }),
      ),
    );
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
  });

  test("and is wrong comes back with path, line and column of every problem", async () => {
    const text = withShares("chat-lite: 10%").replace("api_key", "apikey");
    for (const path of ["/plan", "/apply"])
      expect(await call(path, { text })).toMatchObject({
        status: 422,
        body: {
          code: "invalid-configuration",
          errors: [
            { field: "providers.google.apikey", line: 4, column: 30, actual: "an unknown key" },
            { field: "routes.chat.strategy.weighted", line: 18, actual: "a sum of 10%" },
          ],
        },
      });
  });

  test.each([
    ["no text", {}, 400],
    ["a text that is none", { text: 7 }, 400],
    ["a key that is unknown", { text: "version: 1", force: true }, 400],
    ["a base that names nothing", { text: "version: 1", base: "newest" }, 400],
    ["a comment that is a book", { text: "version: 1", comment: "x".repeat(1_001) }, 400],
    ["a byte that Postgres cannot keep", { text: "version: 1 # \0" }, 400],
    ["half a character", { text: "version: 1 # \ud800" }, 400],
    ["no YAML", { text: "version: [1" }, 422],
    ["another version of the format", { text: "version: 2" }, 422],
    ["a text above 1 MiB", { text: `version: 1\n#${"é".repeat(600_000)}` }, 422],
    ["a body above 6 MiB", { text: "x".repeat(6_400_000) }, 413],
  ])("with %s is refused", async (_what, body, status) => {
    const number = await newestNumber();
    expect((await call("/apply", body)).status).toBe(status);
    expect(await newestNumber()).toBe(number);
  });

  test("needs the administrator's key", async () => {
    const key = await box.createKey("data only");
    for (const path of ["", "/versions", "/versions/1"])
      expect((await call(path, undefined, key)).status).toBe(403);
    for (const path of ["/plan", "/apply", "/rollback"]) {
      expect((await call(path, { text: "version: 1" }, key)).status).toBe(403);
      expect((await call(path, { text: "version: 1" }, "wrong")).status).toBe(401);
    }
  });
});

describe("the history", () => {
  test("has every version, in pages, with its text and what it changed", async () => {
    const number = await newestNumber();
    const first = (await call("/versions?limit=2")).body;
    expect(first).toMatchObject({ versions: [{ number }, { number: number - 1 }], next_before: number - 1 });
    expect((await call(`/versions?before=2`)).body).toMatchObject({
      versions: [{ number: 1, source: "file", applied_by: "file", parent: null }],
      next_before: null,
    });
    const second = (await call("/versions/2")).body;
    expect(second).toMatchObject({ number: 2, text: withShares("chat-lite: 100%") });
    expect(JSON.stringify(second["changes"])).toContain("route chat: variant chat-flash 50% removed");
    expect((await call(`/versions/${hashOf(second)}`)).body["text"]).toBe(second["text"]);
  });

  test.each(["/versions/999", "/versions/aaaaaaaaaaaa"])("has no %s", async (path) => {
    expect(await call(path)).toMatchObject({ status: 404, body: { code: "not-found" } });
  });

  test.each(["/versions/0", "/versions/newest", "/versions?limit=0", "/versions?before=x"])(
    "refuses %s",
    async (path) => {
      expect((await call(path)).status).toBe(400);
    },
  );

  test("is gone back in, by number or by hash, and only to what there is", async () => {
    const { body: first } = await call("/versions/1");
    const number = await newestNumber();
    expect(
      await call("/rollback", { to: hashOf(first), base: String(number), comment: "back" }),
    ).toMatchObject({
      status: 200,
      body: {
        change: "applied",
        version: { number: number + 1, restores: 1, source: "rollback", version: first["version"] },
      },
    });
    expect((await call("/rollback", { to: "1" })).body).toMatchObject({ change: "unchanged" });
    expect((await call("/rollback", { to: "999" })).status).toBe(404);
    expect((await call("/rollback", { to: "2", base: "1" })).status).toBe(409);
    expect((await call("/rollback", { to: "newest" })).status).toBe(400);
  });
});

interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

function signalbox(...words: readonly string[]): Promise<Said> {
  return signalboxAt(box.url, words);
}

async function signalboxAt(url: string, words: readonly string[]): Promise<Said> {
  const env = { PATH: process.env["PATH"] ?? "", SIGNALBOX_URL: url, SIGNALBOX_ADMIN_KEY: adminKey };
  const child = spawn(process.execPath, [script, ...words], {
    env,
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [status] = await once(child, "close");
  return { status: Number(status), out, err };
}

describe("the commands", () => {
  test("plan, apply and roll back in words, and as JSON", async () => {
    const number = await newestNumber();
    writeFileSync(join(folder, "signalbox.yaml"), withShares("chat-flash: 70%, chat-lite: 30%"));
    const plan = await signalbox("plan");
    expect(plan).toMatchObject({ status: 0, err: "" });
    expect(plan.out.split("\n")).toEqual([
      expect.stringMatching(`^Planned on version ${number} \\(\\w{12}\\):$`),
      "  ~ route chat: variant chat-flash 50% -> 70%",
      "  - route chat: variant chat-argon 20% removed",
      `To apply it: signalbox apply signalbox.yaml --base ${number}`,
      "",
    ]);
    const applied = await signalbox(
      "apply",
      "signalbox.yaml",
      "--base",
      String(number),
      "--comment",
      "more flash",
    );
    expect(applied).toMatchObject({ status: 0 });
    expect(applied.out).toContain(`In force: version ${number + 1} (`);
    expect((await call("")).body).toMatchObject({ comment: "more flash", applied_by: "admin" });
    expect((await signalbox("apply")).out).toMatch(
      /^Nothing changes: version \d+ \(\w{12}\) has this content and is in force/,
    );
    const back = await signalbox("rollback-config", String(number), "--json");
    expect(JSON.parse(back.out)).toMatchObject({ change: "applied", version: { restores: number } });
  });

  test("end with 1 where a check fails, 2 where they are called wrongly, 3 where nobody answers", async () => {
    writeFileSync(join(folder, "wrong.yaml"), "version: 1\nroutes:\n  a: { strategy: { use: nothing } }\n");
    const wrong = await signalbox("plan", "wrong.yaml");
    expect(wrong).toMatchObject({ status: 1, out: "" });
    expect(wrong.err).toMatch(/^wrong\.yaml:3:\d+ routes\.a\.strategy\.use: wanted .*\n$/);
    writeFileSync(join(folder, "other.yaml"), withShares("chat-argon: 100%"));
    const stale = await signalbox("apply", "other.yaml", "--base", "1");
    expect(stale).toMatchObject({ status: 1 });
    expect(stale.err).toMatch(
      /^Cannot apply the configuration: version 1 is wanted as the newest, it is version/,
    );
    expect(await signalbox("plan", "absent.yaml")).toMatchObject({ status: 2 });
    expect(await signalbox("rollback-config", "999")).toMatchObject({ status: 2 });
    expect(await signalbox("rollback-config")).toMatchObject({ status: 2 });
    expect(await signalboxAt("http://127.0.0.1:1", ["plan"])).toMatchObject({ status: 3 });
  });
});
