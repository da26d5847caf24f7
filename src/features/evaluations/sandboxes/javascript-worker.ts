import { parentPort, workerData } from "node:worker_threads";
import {
  newQuickJSWASMModuleFromVariant,
  shouldInterruptAfterDeadline,
  type QuickJSContext,
  type QuickJSHandle,
} from "quickjs-emscripten-core";
import type { TestedProgram } from "#core/scoring/code/program-of.ts";
import type { ProgramEnd, ProgramLimits } from "./sandbox.ts";

/** What the worker is given. */
export interface JavaScriptJob {
  readonly program: TestedProgram;
  readonly limits: ProgramLimits;
}

/** Stack of a program, bytes. */
const stackBytesMax = 512 * 1024;

/** What tests compare with is what the language has, whatever the program puts in its place. */
const fixedFunctions = `
for (const name of ["Object", "JSON", "Math", "Reflect", "Array", "Number", "String"]) {
  const holder = globalThis[name];
  Object.defineProperty(globalThis, name, { writable: false, configurable: false });
  for (const key of Reflect.ownKeys(holder)) {
    const { configurable, writable } = Object.getOwnPropertyDescriptor(holder, key);
    if (configurable && writable) Object.defineProperty(holder, key, { writable: false, configurable: false });
  }
}`;

const { program, limits }: JavaScriptJob = workerData;
parentPort?.postMessage(await runProgram());

async function runProgram(): Promise<ProgramEnd> {
  const quickjs = await newQuickJSWASMModuleFromVariant(import("@jitl/quickjs-wasmfile-release-sync"));
  using runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(limits.memoryMb * 1024 * 1024);
  runtime.setMaxStackSize(stackBytesMax);
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + limits.timeoutMs));
  using context = runtime.newContext();
  context.unwrapResult(context.evalCode(fixedFunctions, "fixed.js")).dispose();
  using loaded = context.evalCode(program.program, "program.js");
  if (loaded.error) return endOf(messageOf(context.dump(loaded.error)));
  using tested = context.evalCode(program.tests, "tests.js");
  if (tested.error) return endOf(messageOf(context.dump(tested.error)));
  using jobs = runtime.executePendingJobs();
  if (jobs.error) return endOf(messageOf(context.dump(jobs.error)));
  return settledEnd(context, tested.value);
}

/** Tests that end with a promise are over when it is. */
function settledEnd(context: QuickJSContext, value: QuickJSHandle): ProgramEnd {
  const state = context.getPromiseState(value);
  switch (state.type) {
    case "fulfilled":
      if (!state.notAPromise) state.value.dispose();
      return { kind: "passed" };
    case "rejected": {
      using reason = state.error;
      return endOf(messageOf(context.dump(reason)));
    }
    case "pending":
      return { kind: "failed", message: "It ended before its tests did" };
  }
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
