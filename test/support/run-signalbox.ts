import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { run } from "#cli/program.ts";

const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

/** What a command said and how it ended. */
export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command against a running Signalbox: everything as in a shell but the process, which takes a second to start. */
export async function runSignalbox(url: string, ...words: readonly string[]): Promise<Said> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const said = Promise.all([text(streams.stdout), text(streams.stderr)]);
  const status = await run(words, { SIGNALBOX_URL: url }, streams);
  streams.stdout.end();
  streams.stderr.end();
  const [out, err] = await said;
  return { status, out, err };
}

/** Runs a command in a process of its own, as a shell would. */
export async function spawnSignalbox(url: string, ...words: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [script, ...words], {
    env: { PATH: process.env["PATH"] ?? "", SIGNALBOX_URL: url },
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await once(child, "close");
  const [out, err] = await said;
  return { status: Number(status), out, err };
}
