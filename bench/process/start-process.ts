import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** A process of the bench with a channel to it. */
export interface StartedProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly pid: number;
}

/** A process that serves on 127.0.0.1. */
export interface ServerProcess extends StartedProcess {
  readonly port: number;
}

/** Longest time that a process may take to say that it is there, ms. */
const startMsMax = 20_000;

/**
 * Starts a script in a process of its own and waits until it says that it is there.
 * @throws Error when it ends or says nothing instead
 */
export async function startProcess(
  script: string,
  parameters: readonly string[] = [],
): Promise<ServerProcess> {
  const child = fork(script, [...parameters], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const [message]: unknown[] = await Promise.race([
    once(child, "message", { signal: AbortSignal.timeout(startMsMax) }),
    exited.then(([code]) => {
      throw new Error(`Cannot start "${script}": it ended with ${String(code)}`);
    }),
  ]);
  if (child.pid === undefined) throw new Error(`Cannot start "${script}": it has no process`);
  return {
    child,
    pid: child.pid,
    port: portOf(message),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The port of a listening message; 0 for a process that serves nothing. */
function portOf(message: unknown): number {
  const isServer = typeof message === "object" && message !== null && "port" in message;
  return isServer && typeof message.port === "number" ? message.port : 0;
}
