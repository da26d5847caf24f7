import { Runnable } from "@langchain/core/runnables";
import type { ModuleStep } from "#core/chains/chain-definition.ts";
import type { ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { errorName, errorPlace } from "#core/kernel/error-place.ts";
import type { Json } from "#core/kernel/json.ts";
import { RoutedChatModel, type ChainKit, type ChainModule } from "#frameworks/langchain/index.ts";
import { SignalboxError } from "#frameworks/transport/signalbox-error.ts";
import { bounded } from "./ask-model.ts";
import { countedTransport } from "./counted-transport.ts";
import { promptRunnable } from "./prompt-runnable.ts";
import type { RunContext } from "./run-context.ts";

/** Longest name that a module gives a step of its own, characters. */
const stepNameMax = 100;

/**
 * Runs a module of a chain. It ends when the run is aborted, whatever the module still waits for.
 * @throws AppError what Signalbox says failed; internal, where the module failed or gave something that is not wanted
 */
export async function runModule(step: ModuleStep, values: ChainValues, context: RunContext): Promise<Json> {
  try {
    return await untilAborted(
      context.signal,
      context.withModule(step, (module) => outputOf(module, step, values, context)),
    );
  } catch (error) {
    if (error instanceof AppError || error instanceof SignalboxError) throw error;
    throw new AppError("internal", `${failure(step, context)} failed with ${errorName(error)}`, {
      cause: errorPlace(error),
    });
  }
}

async function outputOf(
  module: ChainModule,
  step: ModuleStep,
  values: ChainValues,
  context: RunContext,
): Promise<Json> {
  const { signal } = context;
  const work = await module(kitOf(context));
  const isText = step.output.type === "text";
  // A module is code of its own: what it gives is looked at, whatever its type says.
  if (Runnable.isRunnable(work)) {
    if (isText && context.streams) return streamedText(await work.stream(values, { signal }), step, context);
    return isText
      ? textOf(await work.invoke(values, { signal }), step, context)
      : jsonOf(await work.invoke(values, { signal }), step, context);
  }
  if (typeof work !== "function") throw unwanted("a runnable or a function", work, step, context);
  const output: unknown = await work(values, { signal });
  if (!isText) return jsonOf(output, step, context);
  const text = textOf(output, step, context);
  if (context.streams && text !== "") await context.tell({ type: "chunk", text });
  return text;
}

async function streamedText(
  pieces: AsyncIterable<unknown>,
  step: ModuleStep,
  context: RunContext,
): Promise<string> {
  let text = "";
  for await (const piece of pieces) {
    const more = textOf(piece, step, context);
    if (more === "") continue;
    text = bounded(text + more, context);
    await context.tell({ type: "chunk", text: more });
  }
  return text;
}

function kitOf(context: RunContext): ChainKit {
  return {
    model(route, name) {
      const place = name === undefined ? context.place : `${context.place}.${name.slice(0, stepNameMax)}`;
      const transport = countedTransport(place, context);
      return new RoutedChatModel({ model: route ?? context.chain.route, transport });
    },
    prompt: (reference) => promptRunnable(context.prompt(reference)),
    signal: context.signal,
  };
}

/** A text, or that of a message. */
function textOf(output: unknown, step: ModuleStep, context: RunContext): string {
  if (typeof output === "string") return output;
  const text: unknown =
    typeof output === "object" && output !== null && "content" in output
      ? Reflect.get(output, "text")
      : undefined;
  if (typeof text === "string") return text;
  throw unwanted("a text or a message", output, step, context);
}

/** What is left of an output as JSON, which is what is answered. */
function jsonOf(output: unknown, step: ModuleStep, context: RunContext): Json {
  let text: string | undefined;
  try {
    text = JSON.stringify(output);
  } catch {
    // A circle, or a number too large for JSON: told below without what it holds.
  }
  if (text === undefined) throw unwanted("something that JSON can say", output, step, context);
  // What JSON.parse gives is JSON, which its type does not say.
  return JSON.parse(text) as Json;
}

/** What is awaited, or the end of waiting for it: a module that ignores the signal holds up nobody. */
async function untilAborted<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new AppError("client-closed", "The client went away"));
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

function unwanted(wanted: string, actual: unknown, step: ModuleStep, context: RunContext): AppError {
  const kind = actual === null ? "null" : `of type ${typeof actual}`;
  return new AppError("internal", `${failure(step, context)} must give ${wanted}, it is ${kind}`);
}

function failure({ file }: ModuleStep, { chain, place }: RunContext): string {
  return `Cannot run step "${place}" of chain "${chain.definition.name}": module "${file}"`;
}
