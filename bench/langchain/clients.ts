import { ChatGoogle } from "@langchain/google";
import { Agent, request } from "undici";
import { RoutedChatModel } from "#frameworks/langchain/index.ts";
import { streamFrames } from "../upstream/answers.ts";

/** What a client is asked, again and again. */
const question = "Why do signal boxes have coloured levers? Answer in some two hundred words, please.";

/** Characters of the upstream's answer. */
const answerLength = 800;

/** A way to ask a model: once for a whole answer, and once for a stream that is read to its end. */
export interface MeasuredClient {
  readonly name: "undici" | "RoutedChatModel" | "ChatGoogle";
  whole(): Promise<void>;
  streamed(): Promise<void>;
  /** The same of a stream whose events come one by one, 5 ms apart. */
  paced(): Promise<void>;
}

/**
 * The clients over an upstream that answers at once (bench/upstream): no gateway is between, whose cost they would share.
 * @param port where it listens
 */
export function measuredClients(port: number): readonly MeasuredClient[] {
  const address = `http://127.0.0.1:${port}`;
  return [
    bareClient(address),
    langChainClient("RoutedChatModel", routed),
    langChainClient("ChatGoogle", google),
  ];

  function routed(path: string) {
    return new RoutedChatModel({ model: "bench-model", url: address + path, apiKey: "bench" });
  }

  function google(path: string) {
    return new ChatGoogle({ model: "bench-model", endpoint: address + path, apiKey: "bench", maxRetries: 0 });
  }
}

type ChatModel = Pick<RoutedChatModel | ChatGoogle, "invoke" | "stream">;

function langChainClient(name: MeasuredClient["name"], make: (path: string) => ChatModel): MeasuredClient {
  const whole = make("/whole");
  const streaming = make("/burst");
  const pacing = make("/paced");
  const read = async (model: ChatModel): Promise<void> => {
    let length = 0;
    for await (const chunk of await model.stream(question)) length += chunk.text.length;
    wantText(name, length, answerLength);
  };
  return {
    name,
    async whole() {
      const answer = await whole.invoke(question);
      wantText(name, answer.text.length, 1);
    },
    streamed: () => read(streaming),
    paced: () => read(pacing),
  };
}

function bareBody(stream: boolean): string {
  return JSON.stringify({ model: "bench-model", stream, messages: [{ role: "user", content: question }] });
}

/** The least that a call can cost: the bytes are sent and received, and parsed. */
function bareClient(address: string): MeasuredClient {
  const dispatcher = new Agent({ connect: { noDelay: true } });
  const headers = { "content-type": "application/json", authorization: "Bearer bench" };
  const ask = (path: string, stream: boolean) =>
    request(`${address}${path}/v1/chat/completions`, {
      method: "POST",
      headers,
      body: bareBody(stream),
      dispatcher,
    });
  const read = async (path: string): Promise<void> => {
    const response = await ask(path, true);
    const text = await response.body.text();
    wantText("undici", text.split("data: ").length - 1, streamFrames);
  };
  return {
    name: "undici",
    async whole() {
      const response = await ask("/whole", false);
      const answer: unknown = await response.body.json();
      wantText("undici", JSON.stringify(answer).length, 1);
    },
    streamed: () => read("/burst"),
    paced: () => read("/paced"),
  };
}

function wantText(name: string, got: number, least: number): void {
  if (got < least)
    throw new Error(`Cannot measure "${name}": an answer of ${least} is wanted, it has ${got}`);
}
