import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { Figures } from "./check.ts";

const script = fileURLToPath(new URL("peers.py", import.meta.url));
const versions = z.object({ scipy: z.string(), statsmodels: z.string() });
const figures = z.record(z.string(), z.number()).nullable();

/** What the peers said. */
export interface PeerAnswers {
  readonly versions: z.output<typeof versions>;
  /** In the order of the questions; null where the peer failed. */
  readonly answers: readonly (Figures | null)[];
}

/**
 * Asks SciPy and statsmodels in a Python.
 * @returns undefined where this Python has them not
 * @throws Error where it answers otherwise than asked
 */
export async function askPeer(
  python: string,
  questions: readonly { readonly id: string; readonly input: unknown }[],
): Promise<PeerAnswers | undefined> {
  if (!(await hasPeers(python))) return undefined;
  const { code, output, error } = await run(python, [script], linesOf(questions));
  if (code !== 0) throw new Error(`Cannot ask SciPy: exit code 0 is wanted, it was ${code}\n${error}`);
  const [first = "", ...lines] = output.trimEnd().split("\n");
  return {
    versions: versions.parse(JSON.parse(first)),
    answers: lines.map((line) => figures.parse(JSON.parse(line))),
  };
}

/** Infinite bounds are null, as JSON has no infinity. */
function linesOf(questions: readonly unknown[]): string {
  return questions.map((question) => `${JSON.stringify(question)}\n`).join("");
}

async function hasPeers(python: string): Promise<boolean> {
  try {
    return (await run(python, ["-c", "import scipy, statsmodels"], "")).code === 0;
  } catch (error) {
    // No such program.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

async function run(program: string, parameters: readonly string[], input: string) {
  const child = spawn(program, parameters, { stdio: "pipe" });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.once("error", () => {
    // A program that ends before it has read everything says why on its own; its exit code is looked at.
  });
  child.stdin.end(input);
  const [output, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, error };
}
