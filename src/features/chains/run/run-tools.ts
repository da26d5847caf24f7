import { AIMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChainDefinition, ToolsStep } from "#core/chains/chain-definition.ts";
import type { ChainValues } from "#core/chains/value-condition.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import { modelOf, parsedAnswer, promptMessages, shownValue } from "./ask-model.ts";
import { inParallel } from "./in-parallel.ts";
import { outputFormOf } from "./output-form-of.ts";
import type { RunContext } from "./run-context.ts";
import type { LedgerEntry } from "./run-ledger.ts";

/** Longest result of a tool that a model is shown, characters. */
const resultLengthMax = 50_000;
/** Tools that run at once. */
const toolsAtOnceMax = 4;

/** Runs a chain as a tool. */
export type RunTool = (chain: string, input: unknown, context: RunContext) => Promise<Json>;

/**
 * Lets a model call tools, which are chains, until it answers. In its last turn, and once there have been as many calls
 * as allowed, it may only answer.
 * @throws AppError limit-exceeded when it calls nevertheless; unparsable-answer
 */
export async function runTools(
  step: ToolsStep,
  values: ChainValues,
  context: RunContext,
  runTool: RunTool,
): Promise<Json> {
  const form = outputFormOf(step.output, values);
  const tools = step.chains.map((name) => toolOf(context.other(name).definition));
  const messages: BaseMessage[] = [...(await promptMessages(step.messages, values, form))];
  let called = 0;
  for (let round = 1; round <= step.roundsMax; round++) {
    const mustAnswer = round === step.roundsMax || called >= step.toolCallsMax;
    const { answer, entry } = await turn(messages, { step, context, tools, mustAnswer });
    const { calls, told } = callsOf(answer);
    if (calls.length === 0)
      return parsedAnswer({ text: answer.text, entry }, { step, form, context, messages });
    called += calls.length;
    if (mustAnswer || called > step.toolCallsMax) break;
    messages.push(told);
    const results = await inParallel(
      calls,
      { concurrency: toolsAtOnceMax, signal: context.signal },
      async (call, _index, signal) => {
        const within = { ...context, signal, streams: false };
        const content = call.isReadable
          ? await resultOf({ name: call.name, args: call.args, step, runTool }, within)
          : "Error: the arguments were no JSON object";
        return new ToolMessage({ content, tool_call_id: call.id ?? "", name: call.name });
      },
    );
    messages.push(...results);
  }
  throw new AppError(
    "limit-exceeded",
    `Cannot end step "${context.place}" of chain "${context.chain.definition.name}": at most ${step.roundsMax} turns and ${step.toolCallsMax} calls of tools are allowed, the model wants more`,
  );
}

interface Turn {
  readonly step: ToolsStep;
  readonly context: RunContext;
  readonly tools: readonly JsonObject[];
  readonly mustAnswer: boolean;
}

async function turn(
  messages: readonly BaseMessage[],
  { step, context, tools, mustAnswer }: Turn,
): Promise<{ readonly answer: AIMessage; readonly entry: LedgerEntry }> {
  const { model, entry } = modelOf(step.route, context);
  const bound = model.bindTools([...tools], { tool_choice: mustAnswer ? "none" : "auto" });
  const answer = await bound.invoke([...messages], { signal: context.signal });
  return { answer, entry };
}

/**
 * The calls of an answer, and the answer as it is shown to the model again. Models write arguments that are no JSON: such a
 * call is one nevertheless, with none, so that the model hears of it and no provider is sent what it cannot read.
 */
function callsOf(answer: AIMessage) {
  const readable = (answer.tool_calls ?? []).map((call) => ({ ...call, isReadable: true }));
  const others = (answer.invalid_tool_calls ?? []).map(({ id, name = "" }) => ({
    ...(id !== undefined && { id }),
    name,
    args: {},
    isReadable: false,
  }));
  const calls = [...readable, ...others];
  if (others.length === 0) return { calls, told: answer };
  const { content, additional_kwargs } = answer;
  const tool_calls = calls.map(({ isReadable: _ours, ...call }) => call);
  return { calls, told: new AIMessage({ content, additional_kwargs, tool_calls }) };
}

interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly step: ToolsStep;
  readonly runTool: RunTool;
}

/** What a tool gives; what the model did wrong in calling it is told to the model, everything else rises. */
async function resultOf({ name, args, step, runTool }: ToolCall, context: RunContext): Promise<string> {
  if (!step.chains.includes(name))
    return `Error: there is no tool of that name, only ${step.chains.join(", ")}`;
  context.ledger.count(context.chain.definition.name);
  try {
    return shownValue(await runTool(name, args, context)).slice(0, resultLengthMax);
  } catch (error) {
    const isForModel =
      error instanceof AppError && (error.code === "invalid-request" || error.code === "unparsable-answer");
    if (!isForModel) throw error;
    return `Error: ${error.message}`;
  }
}

/** A chain as OpenAI declares a tool. */
function toolOf({ name, description, variables }: ChainDefinition): JsonObject {
  return {
    type: "function",
    function: {
      name,
      description,
      parameters: {
        type: "object",
        properties: Object.fromEntries(
          variables.map((variable) => [
            variable.name,
            { ...typeWords[variable.type], description: variable.description },
          ]),
        ),
        required: variables
          .filter(({ valueDefault }) => valueDefault === undefined)
          .map((variable) => variable.name),
      },
    },
  };
}

const typeWords = {
  text: { type: "string" },
  list: { type: "array", items: { type: "string" } },
  object: { type: "object" },
} as const;
