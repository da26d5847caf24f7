import { spawn } from "node:child_process";
import type { ProgramEnd, ProgramLimits, Sandbox } from "./sandbox.ts";
import { pythonGuard } from "./python-guard.ts";

/** Of what a program writes, the last characters are kept. */
const outputLengthMax = 2_000;
/** Beyond its own time a program may need so long to start, ms. */
const startMs = 2_000;

/** Runs Python programs in a process of their own, without rights, network, files to write and processes to start. */
export function pythonSandbox(python = "python3"): Sandbox {
  return {
    run: (program, limits, signal) =>
      new Promise((resolve) => {
        const child = spawn(
          python,
          // -I: neither the environment nor the working directory says what is imported; -S: no site packages.
          ["-I", "-S", "-X", "utf8", "-c", pythonGuard, ...limitWords(limits)],
          { stdio: ["pipe", "ignore", "pipe"], env: {}, cwd: "/", detached: true },
        );
        let output = "";
        let isLate = false;
        const kill = () => {
          // Its whole group: nothing that it may have started stays.
          if (child.pid !== undefined) killGroup(child.pid);
        };
        const timer = setTimeout(() => {
          isLate = true;
          kill();
        }, limits.timeoutMs + startMs);
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
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
          output = (output + text).slice(-outputLengthMax);
        });
        child.once("close", (code, ended) => {
          if (code === 0) end({ kind: "passed" });
          else if (isLate || ended === "SIGXCPU" || ended === "SIGKILL") end({ kind: "timed-out" });
          else end(failureOf(output, ended));
        });
        // A program that ends before it has read its text is told by how it ended.
        child.stdin.once("error", () => undefined);
        child.stdin.end(program);
      }),
  };
}

function limitWords({ timeoutMs, memoryMb }: ProgramLimits): readonly string[] {
  return [String(Math.ceil(timeoutMs / 1_000)), String(memoryMb)];
}

function failureOf(output: string, signal: NodeJS.Signals | null): ProgramEnd {
  const last = output.trim().split("\n").at(-1) ?? "";
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
