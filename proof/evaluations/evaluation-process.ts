import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";
import { repository } from "../run-node.ts";
import { readRunLines } from "#features/evaluations/index.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";

/** What `signalbox eval run --json` says at its end. */
export interface RunReport {
  readonly folder: string;
  readonly done: number;
  readonly done_before: number;
  readonly lost_before: number;
  readonly stopped: { readonly kind: string } | null;
}

/** A `signalbox eval run` in a process of its own. */
export class EvaluationProcess {
  readonly #child: ChildProcess;
  readonly #out: Promise<string>;
  readonly #err: Promise<string>;

  /** @param words what stands behind `signalbox eval run` */
  constructor(signalboxUrl: string, ...words: readonly string[]) {
    this.#child = spawn(
      process.execPath,
      [join(repository, "bin/signalbox.js"), "eval", "run", ...words, "--json"],
      {
        cwd: repository,
        env: { PATH: process.env["PATH"] ?? "", SIGNALBOX_URL: signalboxUrl },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("an evaluation's process has outputs");
    this.#out = text(stdout);
    this.#err = text(stderr);
  }

  /** What it said at its end. @throws Error when it ended otherwise */
  async report(): Promise<RunReport> {
    const [code] = await once(this.#child, "close");
    const out = await this.#out;
    if (code !== 0) throw new Error(`eval run ended with ${code}: ${out}${await this.#err}`);
    // The command's own JSON.
    return JSON.parse(out) as RunReport;
  }

  /** Kills it with SIGKILL once so many tasks are over. */
  async killAfter(finished: number, folder: string): Promise<void> {
    const records = join(folder, "records.jsonl");
    while ((await finishedIn(records)) < finished) {
      if (this.#child.exitCode !== null)
        throw new Error(`eval run ended before ${finished}: ${await this.#err}`);
      await wait(20);
    }
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await closed;
  }
}

async function finishedIn(records: string): Promise<number> {
  try {
    return (await recordsOf(records)).length;
  } catch {
    // The folder is not there yet.
    return 0;
  }
}

/** The records that a file holds. */
export async function recordsOf(path: string): Promise<readonly EvaluationRecord[]> {
  const records: EvaluationRecord[] = [];
  for await (const line of readRunLines(path)) if (line.kind === "finished") records.push(line.record);
  return records;
}
