import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { TestedProgram } from "#core/scoring/code/program-of.ts";
import type { ProgramEnd, ProgramLimits, Sandbox } from "./sandbox.ts";
import { pythonGuard } from "./python-guard.ts";

/** Of what a program writes, the last characters are kept. */
const outputLengthMax = 2_000;
/** Where the guard says how far it came; not among the streams that programs know. */
const verdictFd = 3;
const begun = "begun";
/** Until a program begins Python may need so long, ms: a busy machine says nothing of an answer. */
const startMs = 10_000;

/** Runs Python programs in a process of their own, without rights, network, files to write and processes to start. */
export function pythonSandbox(python = "python3"): Sandbox {
  return {
    run: (program, limits, signal) =>
      new Promise((resolve) => {
        const child = spawn(
          python,
          // -I: neither the environment nor the working directory says what is imported; -S: no site packages. Warnings would
          // stand where the reason of a failure is looked for.
          ["-I", "-S", "-W", "ignore", "-X", "utf8", "-c", pythonGuard, ...limitWords(limits)],
          { stdio: ["pipe", "ignore", "pipe", "pipe"], env: {}, cwd: "/", detached: true },
        );
        const word = randomBytes(16).toString("hex");
        const passes = `${begun}${word}`;
        let output = "";
        let said = "";
        let isLate = false;
        const kill = () => {
          // Its whole group: nothing that it may have started stays.
          if (child.pid !== undefined) killGroup(child.pid);
        };
        const killLate = () => {
          isLate = true;
          kill();
        };
        let timer = setTimeout(killLate, startMs);
        signal.addEventListener("abort", kill, { once: true });
        const end = (value: ProgramEnd) => {
          clearTimeout(timer);
          signal.removeEventListener("abort", kill);
          resolve(value);
        };
        child.once("error", (error) =>
          end({
            kind: "unavailable",
            message: `"${python}" is wanted to run programs, it cannot be started: ${error.message}`,
          }),
        );
        const verdicts = child.stdio[verdictFd];
        // What could not be started may have no streams, and tells its error.
        if (!child.stdin || !child.stderr || !(verdicts instanceof Readable)) return;
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          output = (output + text).slice(-outputLengthMax);
        });
        verdicts.setEncoding("utf8").on("data", (text: string) => {
          if (said === "") {
            clearTimeout(timer);
            timer = setTimeout(killLate, limits.timeoutMs);
          }
          // One more than the word: who writes on after it says another.
          said = (said + text).slice(0, passes.length + 1);
        });
        child.once("close", (code, ended) => {
          if (code === 0 && said === passes) end({ kind: "passed" });
          else if (said === "") end({ kind: "unavailable", message: notBegun(python, output) });
          else if (isLate || ended === "SIGXCPU" || ended === "SIGKILL") end({ kind: "timed-out" });
          else if (code === 0) end({ kind: "failed", message: "It ended before its tests did" });
          else end(failureOf(output, ended));
        });
        // A program that ends before it has read its text is told by how it ended.
        child.stdin.once("error", () => undefined);
        child.stdin.end(inputOf(word, program));
      }),
  };
}

function limitWords({ timeoutMs, memoryMb }: ProgramLimits): readonly string[] {
  return [String(Math.ceil(timeoutMs / 1_000)), String(memoryMb), String(verdictFd), "prepare"];
}

/** What the guard reads: the word that says that the tests came to their end, and both programs. */
function inputOf(word: string, { program, tests }: TestedProgram): string {
  return `${word} ${Buffer.byteLength(program)}\n${program}${tests}`;
}

function notBegun(python: string, output: string): string {
  return `"${python}" is wanted to run programs, it does not come to their beginning: ${lastLine(output)}`;
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

function failureOf(output: string, signal: NodeJS.Signals | null): ProgramEnd {
  const last = lastLine(output);
  if (last.startsWith("MemoryError")) return { kind: "out-of-memory" };
  return { kind: "failed", message: last === "" ? `It ended with ${signal ?? "an error"}` : last };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended meanwhile.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
