import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { root } from "../architecture/repository.ts";
import { SignalboxProcess, workFolder } from "../support/signalbox-process.ts";

/** The address that documents print. */
const printedAddress = "http://127.0.0.1:8080";

/** Runs what a document prints, with the Signalbox of the test in place of the printed one. */
export interface Reader {
  /** Where that Signalbox is; known once the tests run. */
  readonly address: () => string;
  /** What it is started with. */
  readonly environment: Readonly<Record<"SIGNALBOX_DATA_DIR", string>>;
  /** What a TypeScript program prints. */
  readonly program: (script: string, env?: NodeJS.ProcessEnv) => Promise<string>;
  /** What commands print. @param before commands that stand in for what a reader has */
  readonly commands: (script: string, before?: string, env?: NodeJS.ProcessEnv) => Promise<string>;
}

/** curl as a reader has it, but without its progress, and failing with any failing status. */
export const failingCurl = 'curl() { command curl --silent --show-error --fail-with-body "$@"; }\n';

/** A reader with a Signalbox of this configuration, by its normal command, for the tests of a file. */
export function readerOf(configuration = readFileSync(join(root, "signalbox.yaml"), "utf8")): Reader {
  const folder = workFolder(configuration);
  let signalbox: SignalboxProcess;
  let address: string;
  beforeAll(async () => {
    signalbox = SignalboxProcess.start({ ...folder.environment, SIGNALBOX_LOG_LEVEL: "error" });
    address = await signalbox.url();
  });
  afterAll(async () => {
    await signalbox[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });
  const here = (script: string) => script.replaceAll(printedAddress, address);
  return {
    address: () => address,
    environment: folder.environment,
    program: (script, env) => programPrinted(here(script), env),
    commands: (script, before = failingCurl, env) => commandsPrinted(here(script), before, env),
  };
}

/** What commands print, for a reader without a running Signalbox. @param before as of a reader's */
export function commandsPrinted(script: string, before: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return printed("bash", [], `set -eo pipefail\n${before}\n${script}`, env);
}

/** What a TypeScript program prints. */
export function programPrinted(script: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return printed(process.execPath, ["--input-type=module-typescript", "-"], script, env);
}

/** What a program prints, fed with a script as a reader would paste it. It must end well. */
async function printed(
  program: string,
  args: readonly string[],
  script: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const child = spawn(program, args, { cwd: root, env, stdio: ["pipe", "pipe", "pipe"] });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin.end(script);
  const [status] = await once(child, "close");
  expect(status, out).toBe(0);
  return out;
}
