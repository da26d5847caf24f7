import type { BaseCache } from "@langchain/core/caches";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { concat } from "@langchain/core/utils/stream";
import type { TestSignalbox } from "../../support/test-signalbox.ts";

/** What a chat model is made with. */
export interface ModelFields {
  /** The model of the case when absent. */
  readonly model?: string;
  readonly temperature?: number;
  readonly maxRetries?: number;
  readonly cache?: BaseCache;
}

/** A chat model of LangChain, whoever's. */
export type AnyChatModel = BaseChatModel;

/** A client that the suite runs over. */
export interface Subject {
  readonly name: string;
  /** Makes a model over the Signalbox of the test. */
  readonly make: (fields: ModelFields & { readonly model: string }) => AnyChatModel;
  /**
   * Facts of the suite that do not hold for this client, with the reason. They are asserted as well: a fact that holds after
   * all fails the suite until its line is taken away.
   */
  readonly differences: Readonly<Record<string, string>>;
}

/** What a case is given. */
export interface CaseWorld {
  readonly signalbox: TestSignalbox;
  /** A deployment of its own of a Gemini that thinks: what other cases did to theirs does not matter. */
  readonly model: string;
  readonly make: (fields: ModelFields) => AnyChatModel;
}

/** One fact of the contract. */
export interface ContractCase {
  /** The fact in words; differences name it. */
  readonly fact: string;
  readonly holds: (world: CaseWorld) => Promise<void>;
}

/** All chunks of a stream as one, and how many there were. */
export async function summed(
  chunks: AsyncIterable<AIMessageChunk>,
): Promise<{ readonly message: AIMessageChunk; readonly count: number }> {
  let message: AIMessageChunk | undefined;
  let count = 0;
  for await (const chunk of chunks) {
    message = message ? concat(message, chunk) : chunk;
    count += 1;
  }
  if (!message) throw new Error("The stream gave nothing");
  return { message, count };
}
