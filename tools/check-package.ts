import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run-command.ts";

/**
 * Packs Signalbox, installs the package into an empty folder as a stranger would, starts it, sends requests by hand and
 * through each of its entries, and compiles imports of its types. Exits with 1 when any of that fails.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const startMsMax = 60_000;
const stopMsMax = 15_000;

const folder = await mkdtemp(join(tmpdir(), "signalbox-package-"));
try {
  const tarball = await pack(folder);
  await install(folder, tarball);
  await checkContents(join(folder, "node_modules/signalbox"));
  await checkDeclarations(folder);
  await checkRun(folder);
  say("The packed package installs, starts and answers");
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function pack(target: string): Promise<string> {
  await mustRun("npm", ["pack", "--pack-destination", target], { cwd: root });
  const tarball = (await readdir(target)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined)
    throw new Error(`Cannot pack Signalbox: a .tgz file is wanted in "${target}", there is none`);
  say(`Packed ${tarball}`);
  return join(target, tarball);
}

async function install(target: string, tarball: string): Promise<void> {
  await writeFile(
    join(target, "package.json"),
    '{ "name": "stranger", "private": true, "type": "module" }\n',
  );
  await mustRun("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], { cwd: target });
  say("Installed it into an empty folder");
}

/** Everything a package needs is inside, and nothing that only developers need. */
async function checkContents(installed: string): Promise<void> {
  const files = await readdir(installed, { recursive: true });
  const needed = [
    "bin/signalbox.js",
    "dist/package.json",
    "dist/src/main.js",
    "dist/src/frameworks/langchain/index.js",
    "dist/src/frameworks/ai-sdk/index.js",
    "dist/src/composition/embedded/index.js",
    ...["gsm8k.yaml", "gsm8k.jsonl.gz", "SOURCES.md"].map(
      (name) => `dist/src/features/evaluations/data-sets/bundled/${name}`,
    ),
    "signalbox.yaml",
    "README.md",
    "LICENSE",
  ];
  const missing = needed.filter((name) => !files.includes(name));
  const foreign = files.filter((name) => !name.startsWith("node_modules") && isForeign(name));
  if (missing.length > 0) throw new Error(`Cannot use the package: it must hold ${missing.join(", ")}`);
  if (foreign.length > 0) throw new Error(`Cannot use the package: it must not hold ${foreign.join(", ")}`);
  say(`Holds ${files.length} files, none of them for developers`);
}

function isForeign(name: string): boolean {
  return /^(dist\/)?(test|tools|proof|bench|\.ci)(\/|$)|\.test\.|test-support|\.contract\.|(?<!\.d)\.ts$|tsconfig/.test(
    name,
  );
}

/** The declarations resolve for whoever compiles against them, without this repository's settings. */
async function checkDeclarations(target: string): Promise<void> {
  const source = `import type { run } from "./node_modules/signalbox/dist/src/cli/program.js";
import { createSignalbox } from "signalbox/ai-sdk";
import { startEmbedded } from "signalbox/embedded";
import { RoutedChatModel } from "signalbox/langchain";
import { sampleRatio, type Result, type SampleRatio, type Refusal } from "signalbox/statistics";
export const ratio: Result<SampleRatio, Refusal> = sampleRatio([{ units: 1, weight: 1 }, { units: 1, weight: 1 }]);
export type Run = typeof run;
export const model: RoutedChatModel = new RoutedChatModel({ model: "chat", transport: (await startEmbedded({ config: "" })).transport });
export const provider: ReturnType<typeof createSignalbox> = createSignalbox({ baseURL: "http://127.0.0.1:8080" });
`;
  await writeFile(
    join(target, "consumer.ts"),
    `${source}export const code: Promise<number> = (null as unknown as Run)([], {});\n`,
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const typeRoots = join(root, "node_modules/@types");
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--skipLibCheck"];
  await mustRun(
    process.execPath,
    [tsc, ...options, "--types", "node", "--typeRoots", typeRoots, "consumer.ts"],
    { cwd: target },
  );
  say("Its declarations resolve for a consumer");
}

async function checkRun(target: string): Promise<void> {
  const script = join(target, "node_modules/signalbox/bin/signalbox.js");
  const env = { PATH: process.env["PATH"], SIGNALBOX_PORT: "0", SIGNALBOX_DATA_DIR: join(target, "data") };
  const child = spawn(process.execPath, [script, "up"], {
    cwd: target,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const address = await printedAddress(child);
    say(`Started at ${address}`);
    await checkAnswer(address);
    await checkEntries(target, address);
  } finally {
    await stop(child);
  }
}

/** The first address that the program prints. */
async function printedAddress({ stdout, stderr }: ChildProcess): Promise<string> {
  if (stdout === null || stderr === null)
    throw new Error("Broken invariant: the output of the child is piped");
  const lines: string[] = [];
  stderr.on("data", (text: Buffer) => lines.push(String(text)));
  const timer = setTimeout(() => stdout.destroy(), startMsMax);
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (address !== undefined) {
      clearTimeout(timer);
      stdout.resume();
      return address;
    }
  }
  throw new Error(
    `Cannot start the package: an address is wanted within ${startMsMax} ms, it wrote\n${lines.join("\n")}`,
  );
}

async function checkAnswer(address: string): Promise<void> {
  await wanted(`${address}/readyz`, {});
  const models = await wanted(`${address}/v1/models`, {});
  const model = /"id":\s*"(gemini-[\w.-]+)"/.exec(models)?.[1];
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello" }] });
  const headers = { "content-type": "application/json" };
  const answer = await wanted(`${address}/v1/chat/completions`, { method: "POST", headers, body });
  if (!/"finish_reason":\s*"stop"/.test(answer))
    throw new Error(`Cannot use the answer: a finish reason is wanted, it is ${answer}`);
  say(`Answered a chat request to ${model}`);
  for (const path of ["/docs", "/openapi.json", "/playground"]) await wanted(`${address}${path}`, {});
  say("Served /docs, /openapi.json and /playground");
}

/** A program of the stranger's that asks by each way in: over HTTP with LangChain and the AI SDK's interface, and in itself. */
async function checkEntries(target: string, address: string): Promise<void> {
  const program = `
    import { readFile } from "node:fs/promises";
    import { createSignalbox } from "signalbox/ai-sdk";
    import { startEmbedded } from "signalbox/embedded";
    import { RoutedChatModel, routingOf } from "signalbox/langchain";
    import { wilsonInterval } from "signalbox/statistics";
    const interval = wilsonInterval({ successes: 1, trials: 10 }, 0.05);
    if (!interval.ok || interval.value[0] <= 0) throw new Error("An interval is wanted");
    const url = ${JSON.stringify(address)};
    const embedded = await startEmbedded({ config: await readFile("node_modules/signalbox/signalbox.yaml", "utf8") });
    for (const way of [{ url }, { transport: embedded.transport }]) {
      const answer = await new RoutedChatModel({ model: "chat", ...way }).invoke("Say hello");
      if (answer.text === "" || routingOf(answer).route !== "chat") throw new Error("An answer of a route is wanted");
    }
    await embedded.close();
    const prompt = [{ role: "user", content: [{ type: "text", text: "Say hello" }] }];
    const { content, providerMetadata } = await createSignalbox({ baseURL: url })("chat").doGenerate({ prompt });
    if (content.length === 0 || providerMetadata.signalbox.route !== "chat") throw new Error("An answer of a route is wanted");
  `;
  await writeFile(join(target, "entries.mjs"), program);
  await mustRun(process.execPath, ["entries.mjs"], { cwd: target });
  say("Answered through signalbox/langchain, signalbox/embedded and signalbox/ai-sdk");
}

async function wanted(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(startMsMax) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`Cannot call "${url}": status 200 is wanted, it is ${response.status}: ${text}`);
  return text;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
  const [code] = await ended;
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(
      `Cannot stop the package: exit code 0 is wanted within ${stopMsMax} ms, it is ${String(code)}`,
    );
  say("Stopped cleanly");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
