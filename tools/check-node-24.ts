import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun, runCommand } from "./run-command.ts";

/**
 * Holds `engines` to its word: brings the newest Node 24 from npm into a folder of its own, and runs the unit tests and
 * the built program's start on it.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "signalbox-node-24-"));
try {
  const node = await nodeOf24(folder);
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env["PATH"]}` };
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { code, log } = await runCommand(node, [vitest, "run", "src", "emulator"], { cwd: root, env });
  process.stdout.write(code === 0 ? lastLines(log, 6) : log);
  process.stdout.write(code === 0 ? "The unit tests pass on Node 24\n" : "The unit tests fail on Node 24\n");
  process.exitCode = code === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function nodeOf24(target: string): Promise<string> {
  const name = `node-bin-${process.platform}-${process.arch}`.replace("bin-linux", "linux");
  await writeFile(join(target, "package.json"), '{ "name": "node-24", "private": true }\n');
  await mustRun("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `${name}@24`], {
    cwd: target,
  });
  const node = join(target, "node_modules", name, "bin/node");
  process.stdout.write(`Node ${(await mustRun(node, ["--version"], { cwd: target })).trim()}\n`);
  return node;
}

function lastLines(text: string, count: number): string {
  return `${text.trimEnd().split("\n").slice(-count).join("\n")}\n`;
}
