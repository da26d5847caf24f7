import { parentPort, workerData } from "node:worker_threads";
import { newQuickJSWASMModuleFromVariant, shouldInterruptAfterDeadline } from "quickjs-emscripten-core";
import type { ProgramEnd, ProgramLimits } from "./sandbox.ts";

/** What the worker is given. */
export interface JavaScriptJob {
  readonly program: string;
  readonly limits: ProgramLimits;
}

/** Stack of a program, bytes. */
const stackBytesMax = 512 * 1024;

const { program, limits }: JavaScriptJob = workerData;
parentPort?.postMessage(await runProgram());

async function runProgram(): Promise<ProgramEnd> {
  const quickjs = await newQuickJSWASMModuleFromVariant(import("@jitl/quickjs-wasmfile-release-sync"));
  using runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(limits.memoryMb * 1024 * 1024);
  runtime.setMaxStackSize(stackBytesMax);
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + limits.timeoutMs));
  using context = runtime.newContext();
  using result = context.evalCode(program, "program.js");
  if (!result.error) return { kind: "passed" };
  return endOf(messageOf(context.dump(result.error)));
}

/** By QuickJS's own words, which a program could throw as well: to fail either way. */
function endOf(message: string): ProgramEnd {
  if (message === "InternalError: interrupted") return { kind: "timed-out" };
  return message === "InternalError: out of memory" ? { kind: "out-of-memory" } : { kind: "failed", message };
}

function messageOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
  return "name" in error ? `${String(error.name)}: ${String(error.message)}` : String(error.message);
}
