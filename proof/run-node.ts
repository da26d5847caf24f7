import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What a program said and how it ended. */
export interface ProgramEnd {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Both of its outputs, the newest part. */
  readonly output: string;
}

/** The most that is kept of a program's output, characters. */
const outputCharactersMax = 20_000;

/** The root of the repository. */
export const repository = fileURLToPath(new URL("..", import.meta.url));

interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Runs a script with the Node that runs the proof. @throws Error as `runProgram` does */
export function runNode(scriptAndArguments: readonly string[], options: RunOptions): Promise<ProgramEnd> {
  return runProgram(process.execPath, scriptAndArguments, options);
}

/**
 * Runs a program in the repository. Ends it when it takes too long.
 * @throws Error when it cannot be started, or did not end within `timeoutMs`
 */
export async function runProgram(
  program: string,
  scriptAndArguments: readonly string[],
  options: RunOptions,
): Promise<ProgramEnd> {
  const child = spawn(program, scriptAndArguments, {
    cwd: repository,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs,
    killSignal: "SIGKILL",
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-outputCharactersMax);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code));
  const code = await promise;
  if (child.signalCode === "SIGKILL") {
    throw new Error(
      `Cannot run "${scriptAndArguments.join(" ")}": it must end within ${options.timeoutMs} ms, it did not`,
    );
  }
  return { code, output };
}
