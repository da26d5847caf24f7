import type { BaseMessage } from "@langchain/core/messages";
import type { Runnable } from "@langchain/core/runnables";
import type { Json } from "#core/kernel/json.ts";
import type { RoutedChatModel } from "./routed-chat-model.ts";

/** What a chain of Signalbox is given, by variable. */
export type ChainModuleInput = Readonly<Record<string, Json>>;

/** What a module of a chain is made with, for one run. */
export interface ChainKit {
  /**
   * A chat model whose requests are decided, counted and recorded as those of the run.
   * @param route a route, model or deployment; the chain's own when absent
   * @param step under which name its requests are told and recorded; that of the module when absent
   */
  readonly model: (route?: string, step?: string) => RoutedChatModel;
  /**
   * A prompt of the configuration, to be filled with values.
   * @param reference name and version or label: `support@3`, `support@production`
   * @throws AppError not-found
   */
  readonly prompt: (reference: string) => Runnable<ChainModuleInput, BaseMessage[]>;
  /** Aborted when the run ends: its client left, its time is over, or its output is there. */
  readonly signal: AbortSignal;
}

/** What runs a chain's input: a runnable of LangChain, whose text is streamed, or a function. */
export type ChainWork =
  | Runnable<ChainModuleInput, unknown>
  | ((input: ChainModuleInput, options: { readonly signal: AbortSignal }) => unknown);

/** What a module exports that is a chain of Signalbox. It is called for each run. */
export type ChainModule = (kit: ChainKit) => ChainWork | Promise<ChainWork>;
