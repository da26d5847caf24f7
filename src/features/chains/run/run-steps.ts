import type {
  BranchStep,
  CallStep,
  ChainStep,
  FallbackStep,
  MapStep,
  ParallelStep,
} from "#core/chains/chain-definition.ts";
import { filledTemplate, onlyName } from "#core/chains/template-names.ts";
import { textChunks } from "#core/chains/text-chunks.ts";
import { compileValueCondition, type ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { assert, unreachable } from "#core/kernel/assert.ts";
import { isList, type Json } from "#core/kernel/json.ts";
import { SignalboxError } from "#frameworks/transport/signalbox-error.ts";
import { askModel, shownValue } from "./ask-model.ts";
import { inParallel } from "./in-parallel.ts";
import type { RunContext } from "./run-context.ts";
import { runModule } from "./run-module.ts";
import { runTools } from "./run-tools.ts";

/** Chains within chains, at most. Circles are refused in the configuration; this holds whatever that says. */
const chainDepthMax = 4;

/** Runs a chain with its input. @returns its output */
export async function runWholeChain(input: ChainValues, context: RunContext): Promise<Json> {
  const { name, steps, limits } = context.chain.definition;
  const output = await runSteps(steps, input, context);
  const length = lengthOf(output);
  if (length <= limits.outputLengthMax) return output;
  throw new AppError(
    "limit-exceeded",
    `Cannot give the output of chain "${name}": at most ${limits.outputLengthMax} characters are allowed, it has ${length}`,
  );
}

/** Runs steps one after the other; each finds what the ones before left behind. */
async function runSteps(steps: readonly ChainStep[], given: ChainValues, context: RunContext): Promise<Json> {
  let values = given;
  let output: Json = null;
  for (const [index, step] of steps.entries()) {
    const label = step.as ?? `${step.kind}-${index + 1}`;
    const place = context.place === "" ? label : `${context.place}.${label}`;
    const streams = context.streams && index === steps.length - 1;
    output = await toldStep(step, values, { ...context, place, streams });
    if (step.as !== undefined) values = { ...values, [step.as]: output };
  }
  return output;
}

async function toldStep(step: ChainStep, values: ChainValues, context: RunContext): Promise<Json> {
  if (context.signal.aborted) throw new AppError("client-closed", "The client went away");
  if (!context.tellsSteps) return runStep(step, values, context);
  const { place, nowMs } = context;
  const startedMs = nowMs();
  const told = { step: place, kind: step.kind };
  await context.tell({ type: "step-start", ...told, inputLength: lengthOfAll(values) });
  const took = () => ({ ...told, ms: Math.round(nowMs() - startedMs) });
  let output: Json;
  try {
    output = await runStep(step, values, context);
  } catch (error) {
    await context.tell({ type: "step-end", ...took(), outcome: "failed" });
    throw error;
  }
  await context.tell({
    type: "step-end",
    ...took(),
    outcome: "completed",
    outputLength: lengthOf(output),
  });
  return output;
}

function runStep(step: ChainStep, values: ChainValues, context: RunContext): Promise<Json> {
  switch (step.kind) {
    case "ask":
      return askModel(step, values, context);
    case "parallel":
      return runParallel(step, values, context);
    case "branch":
      return runSteps(chosenSteps(step, values), values, context);
    case "map":
      return runMap(step, values, context);
    case "fallback":
      return runFallback(step, values, context);
    case "call":
      return runChainWithin(step.chain, callInput(step, values), context);
    case "tools":
      return runTools(step, values, context, runChainWithin);
    case "module":
      return runModule(step, values, context);
    default:
      return unreachable(step);
  }
}

async function runParallel(step: ParallelStep, values: ChainValues, context: RunContext): Promise<Json> {
  const { concurrency } = step;
  const branches = Object.entries(step.branches);
  const outputs = await inParallel(
    branches,
    { concurrency, signal: context.signal },
    ([name, steps], _at, signal) =>
      runSteps(steps, values, { ...context, signal, streams: false, place: `${context.place}.${name}` }),
  );
  return Object.fromEntries(branches.map(([name], index) => [name, outputs[index] ?? null]));
}

function chosenSteps({ cases, otherwise }: BranchStep, values: ChainValues): readonly ChainStep[] {
  const chosen = cases.find(({ when }) => {
    const condition = compileValueCondition(when);
    assert(condition.ok, "the conditions of a chain were checked when it was read");
    return condition.value.test(values);
  });
  return chosen?.steps ?? otherwise;
}

async function runMap(step: MapStep, values: ChainValues, context: RunContext): Promise<Json> {
  const items = itemsOf(step, values[step.over]);
  if (items.length > step.itemsMax) {
    throw new AppError(
      "limit-exceeded",
      `Cannot run step "${context.place}": at most ${step.itemsMax} items are allowed, there are ${items.length}`,
    );
  }
  const { concurrency } = step;
  const outputs = await inParallel(items, { concurrency, signal: context.signal }, (item, index, signal) =>
    runSteps(
      step.steps,
      { ...values, [step.item]: item },
      {
        ...context,
        signal,
        streams: false,
        place: `${context.place}.${index + 1}`,
      },
    ),
  );
  return outputs;
}

function itemsOf({ chunk, over }: MapStep, value: Json | undefined): readonly Json[] {
  if (chunk && typeof value === "string") return textChunks(value, chunk);
  if (isList(value)) return value;
  throw new AppError(
    "invalid-request",
    `Cannot go over "${over}": ${chunk ? "a text" : "a list"} is wanted, it is ${typeof value}`,
  );
}

async function runFallback(step: FallbackStep, values: ChainValues, context: RunContext): Promise<Json> {
  let failure: unknown;
  for (const [index, steps] of step.options.entries()) {
    try {
      return await runSteps(steps, values, {
        ...context,
        // What a reader has seen cannot be taken back.
        streams: false,
        place: `${context.place}.${index + 1}`,
      });
    } catch (error) {
      if (context.signal.aborted || !isWorthAnother(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Whether the world outside failed; a limit is final, and a mistake of ours must not be hidden. */
function isWorthAnother(error: unknown): boolean {
  if (error instanceof SignalboxError) return true;
  return error instanceof AppError && !["limit-exceeded", "client-closed", "internal"].includes(error.code);
}

async function runChainWithin(name: string, input: unknown, context: RunContext): Promise<Json> {
  if (context.depth + 1 >= chainDepthMax) {
    throw new AppError(
      "limit-exceeded",
      `Cannot run chain "${name}" in step "${context.place}": at most ${chainDepthMax} chains within one another are allowed`,
    );
  }
  const chain = context.other(name);
  const values = context.readInput(chain.definition, input);
  return runWholeChain(values, {
    ...context,
    chain,
    depth: context.depth + 1,
    place: `${context.place}.${name}`,
  });
}

/** A template of one name alone is the value itself, so that lists and objects stay what they are. */
function callInput({ input }: CallStep, values: ChainValues): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(input).map(([name, template]) => {
      const only = onlyName(template);
      if (only !== undefined) return [name, values[only] ?? null];
      return [name, filledTemplate(template, (used) => shownValue(values[used]))];
    }),
  );
}

/** Characters of a text, or of a value's JSON. */
function lengthOf(value: Json): number {
  return typeof value === "string" ? value.length : JSON.stringify(value).length;
}

function lengthOfAll(values: ChainValues): number {
  return Object.values(values).reduce<number>((sum, value) => sum + lengthOf(value), 0);
}
