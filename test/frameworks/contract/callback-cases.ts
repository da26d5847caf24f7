import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { load } from "@langchain/core/load";
import { AIMessage } from "@langchain/core/messages";
import type { LLMResult } from "@langchain/core/outputs";
import { expect } from "vitest";
import { usageOf } from "#frameworks/langchain/index.ts";
import { summed, type ContractCase } from "./contract-case.ts";

/** Hears what a model's callbacks tell. */
class Listener extends BaseCallbackHandler {
  readonly name = "listener";
  override readonly awaitHandlers = true;
  readonly heard: string[] = [];
  tokens = "";
  result: LLMResult | undefined;

  override handleChatModelStart(): void {
    this.heard.push("start");
  }
  override handleLLMNewToken(token: string): void {
    if (this.heard.at(-1) !== "token") this.heard.push("token");
    this.tokens += token;
  }
  override handleLLMEnd(result: LLMResult): void {
    this.heard.push("end");
    this.result = result;
  }
  override handleLLMError(): void {
    this.heard.push("error");
  }
}

/** Callbacks, events and what is written down. */
export const callbackCases: readonly ContractCase[] = [
  {
    fact: "callbacks hear start and end of a call, with its tokens",
    async holds({ make }) {
      const listener = new Listener();
      const answer = await make({}).invoke("[[say:Hello]]", { callbacks: [listener] });
      // A handler that wants tokens may have the call streamed.
      expect(listener.heard.filter((one) => one !== "token")).toEqual(["start", "end"]);
      const [generation] = listener.result?.generations[0] ?? [];
      expect(generation?.text).toBe("Hello");
      expect(usageOf(answer)?.total_tokens).toBeGreaterThan(0);
    },
  },
  {
    fact: "callbacks hear each piece of a stream between start and end",
    async holds({ make }) {
      const listener = new Listener();
      await summed(await make({}).stream("[[say:Hello there]]", { callbacks: [listener] }));
      expect(listener.heard).toEqual(["start", "token", "end"]);
      expect(listener.tokens).toBe("Hello there");
    },
  },
  {
    fact: "callbacks hear of a failure",
    async holds({ make }) {
      const listener = new Listener();
      await expect(make({}).invoke("[[fault:503]]", { callbacks: [listener] })).rejects.toThrow();
      expect(listener.heard).toEqual(["start", "error"]);
    },
  },
  {
    fact: "streamEvents v2 tells start, pieces and end",
    async holds({ make }) {
      const seen: string[] = [];
      let text = "";
      for await (const { event, data } of make({}).streamEvents("[[say:Hello there]]", { version: "v2" })) {
        // Models may send events of their own in between.
        if (event.startsWith("on_chat_model_") && seen.at(-1) !== event) seen.push(event);
        if (event === "on_chat_model_stream") text += String(data.chunk?.text ?? "");
      }
      expect(seen).toEqual(["on_chat_model_start", "on_chat_model_stream", "on_chat_model_end"]);
      expect(text).toBe("Hello there");
    },
  },
  {
    fact: "an answer survives LangChain's serialisation",
    async holds({ make }) {
      const answer = await make({}).invoke("[[say:Hello]]");
      const revived = await load(JSON.stringify(answer));
      if (!AIMessage.isInstance(revived)) throw new Error("A message is wanted");
      expect(revived.text).toBe("Hello");
      expect(revived.usage_metadata).toEqual(answer.usage_metadata);
    },
  },
  {
    fact: "neither its serialised form nor printing it shows the key",
    async holds({ make }) {
      const { inspect } = await import("node:util");
      const model = make({});
      const written = JSON.stringify(model) + inspect(model, { depth: 12, showHidden: true });
      expect(written.includes("secret-key")).toBe(false);
    },
  },
  {
    fact: "what tracers are told has the model's name and parameters",
    async holds({ make, model }) {
      expect(make({ temperature: 0.25 }).getLsParams({})).toMatchObject({
        ls_model_type: "chat",
        ls_model_name: model,
        ls_temperature: 0.25,
      });
    },
  },
];
