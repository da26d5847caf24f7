import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DatabaseImage } from "./database-image.ts";

const script = fileURLToPath(new URL("../../bin/signalbox.js", import.meta.url));

/** A Signalbox in a process of its own, as `signalbox up` starts it. */
export class SignalboxProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #stdout = "";
  #stderr = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#exited = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  }

  /**
   * Starts one.
   * @param environment all it sees beside the path
   * @param file what is started in place of the checkout's own command
   */
  static start(environment: Readonly<Record<string, string>>, file: string = script): SignalboxProcess {
    const env = { PATH: process.env["PATH"] ?? "", SIGNALBOX_PORT: "0", ...environment };
    return new SignalboxProcess(
      spawn(process.execPath, [file, "up"], { env, cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] }),
    );
  }

  /** Its address, once it says so; fails with what it said instead. */
  async url(): Promise<string> {
    for (;;) {
      const url = /listens on (http:\S+)/.exec(this.#stdout)?.[1];
      if (url !== undefined) return url;
      const ended = await Promise.race([this.#exited, this.#said()]);
      if (ended !== "said") throw new Error(`Signalbox ended with ${ended}: ${this.#stderr}`);
    }
  }

  /** What it logged, and what it said went wrong. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Its id, as the system knows it. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("Signalbox was not started");
    return this.#child.pid;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code; null when a signal ended it. */
  exitCode(): Promise<number | null> {
    return this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #said(): Promise<"said"> {
    return new Promise((resolve) => this.#child.stdout?.once("data", () => resolve("said")));
  }
}

/** Where a Signalbox finds its configuration and its data. */
export interface WorkFolder extends Disposable {
  readonly environment: { readonly SIGNALBOX_CONFIG: string; readonly SIGNALBOX_DATA_DIR: string };
}

/** A new folder with a configuration in it, and a database as it is after a first start. @param image by `databaseImage` */
export function preparedFolder(configuration: string, { directory }: DatabaseImage): WorkFolder {
  const folder = workFolder(configuration);
  cpSync(directory, folder.environment.SIGNALBOX_DATA_DIR, { recursive: true });
  return folder;
}

/** A new folder with a configuration in it, gone when disposed of. */
export function workFolder(configuration: string): WorkFolder {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-process-"));
  const path = join(folder, "signalbox.yaml");
  writeFileSync(path, configuration);
  return {
    environment: { SIGNALBOX_CONFIG: path, SIGNALBOX_DATA_DIR: join(folder, "data") },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
