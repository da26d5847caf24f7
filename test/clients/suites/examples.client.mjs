import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../architecture/repository.ts";
import { startTestSignalbox } from "../../support/test-signalbox.ts";
import { clientSet, packagesOf } from "../client-sets.ts";

/** The programs of `examples/`, each started as its README says, on the packages that this set has. */

/** Longest run of an example, ms. */
const exampleMsMax = 25_000;

const set = clientSet("applications");
const folder = mkdtempSync(join(tmpdir(), "signalbox-examples-"));

/** @type {import("../../support/test-signalbox.ts").TestSignalbox} */
let signalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  cpSync(join(root, "examples"), folder, { recursive: true });
  symlinkSync(join(root, set.folder, "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  await signalbox.close();
  rmSync(folder, { recursive: true });
});

/** The variables that each needs, and nothing else of this environment. */
const openai = () => ({ OPENAI_BASE_URL: `${signalbox.url}/v1`, OPENAI_API_KEY: "unused" });
const langchain = () => ({ LANGSMITH_GATEWAY: signalbox.url, LANGSMITH_GATEWAY_API_KEY: "unused" });
const own = () => ({ SIGNALBOX_URL: signalbox.url });

/** What an example prints, in lines. It must end well. */
async function printed(name, variables, { args = [], input = "" } = {}) {
  const child = spawn(process.execPath, ["main.mjs", ...args], {
    cwd: join(folder, name),
    env: { PATH: process.env["PATH"], ...variables },
    timeout: exampleMsMax,
  });
  child.stdin.end(input);
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  expect({ code, errors: code === 0 ? "" : errors }).toEqual({ code: 0, errors: "" });
  return out.trimEnd().split("\n");
}

test("the plain OpenAI script prints the streamed answer", async () => {
  const args = ["[[say:Because of the air.]] Why is the sky blue?"];
  expect(await printed("openai-script", openai(), { args })).toEqual(["Because of the air."]);
  const [newest] = await signalbox.requests();
  expect(newest).toMatchObject({ route: "chat" });
});

test("the AI SDK chat answers each line, with the conversation so far", async () => {
  const input = "[[say:Hello Ada.]] I am Ada\nWho am I?\n";
  const before = signalbox.ledger().length;
  const lines = await printed("ai-sdk-chat", own(), { input });
  expect(lines[0]).toBe("Hello Ada.");
  const [first, second] = signalbox.ledger().slice(before);
  // The second request carries the first turn and its answer.
  expect(second.promptTokens).toBeGreaterThan(first.promptTokens);
});

test("the LangChain agent calls its tool and answers", async () => {
  const question = '[[call:get_weather {"city":"Paris"}]] What is the weather in Paris?';
  const lines = await printed("langchain-agent", langchain(), { args: [question] });
  expect(lines.map((line) => line.split(":", 1)[0])).toEqual(expect.arrayContaining(["human", "ai", "tool"]));
  expect(lines).toContain('ai: get_weather {"city":"Paris"}');
  expect(lines).toContain("tool: It is 21 degrees in Paris.");
  expect(lines.at(-1)).toMatch(/^ai: ./);
});

test("the LangGraph workflow sorts a letter and answers it", async () => {
  const lines = await printed("langgraph-workflow", langchain());
  expect(lines[0]).toMatch(/^sort: \{"kind":"(question|complaint)"\}$/);
  const next = lines[0].includes("question") ? "explain" : "apologise";
  expect(lines[1]).toMatch(new RegExp(`^${next}: \\{"answer":".+"\\}$`));
});

describe.each(["openai-script", "ai-sdk-chat", "langchain-agent", "langgraph-workflow"])("%s", (name) => {
  test("asks for the versions that it is run with here", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "examples", name, "package.json"), "utf8"));
    expect(packagesOf(set)).toMatchObject(dependencies);
  });
});
