import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessage } from "@langchain/core/messages";
import { JsonOutputParser, StringOutputParser } from "@langchain/core/output_parsers";
import type { LLMResult } from "@langchain/core/outputs";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Json } from "#core/kernel/json.ts";
import { RoutedChatModel, usageOf, type ChatTransport } from "#frameworks/langchain/index.ts";
import type { ChainDefinition, ChainOutput } from "./chain.ts";
import type { ChainUsage } from "./schema.ts";

// The only module of this feature that loads LangChain: 240 ms and 60 MB (measured 2026-11-25)
// that a Signalbox whose chains nobody calls saves.

/** One run of a chain. */
export interface ChainRun {
  readonly definition: ChainDefinition;
  /** Every variable of the prompt. */
  readonly input: Readonly<Record<string, string>>;
  /** What is asked: a route, model or deployment. */
  readonly route: string;
  readonly transport: ChatTransport;
  readonly signal: AbortSignal | undefined;
}

/** What a run gave. */
export interface ChainResult {
  readonly output: Json;
  readonly usage?: ChainUsage;
}

/** Runs a chain to its end. */
export async function invokeChain(run: ChainRun): Promise<ChainResult> {
  const heard = new UsageHandler();
  const text = await textChain(run).invoke(run.input, options(run, heard));
  return { output: await parsed(run.definition, text), ...heard.result };
}

/** Runs a chain and gives the model's text piece by piece, then what `invokeChain` gives. */
export async function* streamChain(run: ChainRun): AsyncGenerator<string, ChainResult> {
  const heard = new UsageHandler();
  let text = "";
  for await (const piece of await textChain(run).stream(run.input, options(run, heard))) {
    if (piece === "") continue;
    text += piece;
    yield piece;
  }
  return { output: await parsed(run.definition, text), ...heard.result };
}

function textChain({ definition, route, transport }: ChainRun) {
  const prompt = ChatPromptTemplate.fromMessages(definition.messages.map(([role, text]) => [role, text]));
  const model = new RoutedChatModel({ model: route, transport });
  return prompt.pipe(model.withConfig(outputFormat(definition.output))).pipe(new StringOutputParser());
}

function outputFormat(output: ChainOutput) {
  if (output.type === "text") return {};
  if (!output.schema) return { response_format: { type: "json_object" } };
  return { response_format: { type: "json_schema", json_schema: { name: "output", schema: output.schema } } };
}

function options(run: ChainRun, handler: UsageHandler) {
  return { callbacks: [handler], runName: run.definition.name, ...(run.signal && { signal: run.signal }) };
}

async function parsed({ name, output }: ChainDefinition, text: string): Promise<Json> {
  if (output.type === "text") return text;
  try {
    return await new JsonOutputParser<Record<string, Json>>().parse(text);
  } catch {
    // The parser's own error quotes the answer, which belongs into no error text and no log: it is not even a cause.
    throw new AppError(
      "upstream-failed",
      `Cannot read the answer of chain "${name}": JSON is wanted, it is not`,
      {
        retryable: true,
      },
    );
  }
}

/** Hears what the model used, which the output parser leaves behind. */
class UsageHandler extends BaseCallbackHandler {
  readonly name = "signalbox-usage";
  override readonly awaitHandlers = true;
  #usage: ChainUsage | undefined;

  get result(): { readonly usage?: ChainUsage } {
    return this.#usage ? { usage: this.#usage } : {};
  }

  override handleLLMEnd({ generations }: LLMResult): void {
    const generation = generations[0]?.[0];
    const message = generation && "message" in generation ? generation.message : undefined;
    const usage = AIMessage.isInstance(message) ? usageOf(message) : undefined;
    if (!usage) return;
    this.#usage = {
      input_tokens: usage.input_tokens,
      cached_input_tokens: usage.input_token_details?.cache_read ?? 0,
      output_tokens: usage.output_tokens,
      thinking_tokens: usage.output_token_details?.reasoning ?? 0,
      total_tokens: usage.total_tokens,
    };
  }
}
