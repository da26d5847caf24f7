import { spawn } from "node:child_process";

/** How a command ended, and what it wrote. */
export interface CommandResult {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard output and standard error, in the order in which they came. */
  readonly log: string;
}

/** Where and with what a command runs. */
export interface CommandPlace {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Longest run, ms: then it is ended, and its exit code is 1. No limit when absent. */
  readonly timeout?: number;
}

/** Runs a command without input until it ends. Does not throw for a bad exit code. */
export function runCommand(
  command: string,
  args: readonly string[],
  place: CommandPlace,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...place, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let log = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      log += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      log += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, out, log }));
  });
}

/** Runs a command that must succeed; gives its standard output. */
export async function mustRun(
  command: string,
  args: readonly string[],
  place: CommandPlace,
): Promise<string> {
  const { code, out, log } = await runCommand(command, args, place);
  if (code !== 0)
    throw new Error(
      `Cannot run "${[command, ...args].join(" ")}": exit code 0 is wanted, it is ${code}\n${log}`,
    );
  return out;
}
