import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

/** What a command said and how it ended. */
export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command against a running Signalbox, as a shell would. */
export async function runSignalbox(url: string, ...words: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [script, ...words], {
    env: { PATH: process.env["PATH"] ?? "", SIGNALBOX_URL: url },
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [status] = await once(child, "close");
  return { status: Number(status), out, err };
}
