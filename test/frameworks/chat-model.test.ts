import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll } from "vitest";
import { startEmbedded, type EmbeddedSignalbox } from "#composition/embedded/index.ts";
import { RoutedChatModel } from "#frameworks/langchain/index.ts";
import { separateModels } from "../support/separate-models.ts";
import { startTestSignalbox, type TestSignalbox } from "../support/test-signalbox.ts";
import { chatModelContract, modelsPerSubject } from "./chat-model.contract.ts";
import type { Subject } from "./contract/contract-case.ts";

/** A Signalbox without keys takes any; what is printed of a model must not hold it. */
const apiKey = "secret-key";

const { configuration, models } = separateModels(4 * modelsPerSubject);

let signalbox: TestSignalbox;
let embedded: EmbeddedSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox({ configuration });
  embedded = await startEmbedded({
    config: configuration,
    variable: () => undefined,
    emulation: { kind: "running", url: signalbox.emulatorUrl },
  });
});

afterAll(async () => {
  await embedded.close();
  await signalbox.close();
});

const subjects: readonly Subject[] = [
  {
    name: "RoutedChatModel over HTTP",
    make: (fields) => new RoutedChatModel({ url: signalbox.url, apiKey, ...fields }),
    differences: {},
  },
  {
    name: "RoutedChatModel within an application",
    make: (fields) => new RoutedChatModel({ transport: embedded.transport, ...fields }),
    differences: {},
  },
  {
    name: "ChatGoogle",
    make: (fields) => new ChatGoogle({ apiKey, endpoint: signalbox.url, maxRetries: 0, ...fields }),
    differences: {
      "content-block events give text, tokens and why it ended":
        "LangChain's bridge from chunks sums up what it reports again and again, and ends everything with stop",
      "an answer survives LangChain's serialisation": "the tokens of a whole answer are lost",
      "neither its serialised form nor printing it shows the key":
        "it keeps the key in fields that are printed",
      "a stream that is read no further is ended at the provider":
        "it leaves the rest of the answer unread and open",
      "a shared cache keeps models apart": "its _identifyingParams name no model",
      "a shared cache keeps parameters apart": "its _identifyingParams name no parameters",
      "a cache knows one picture from another": "LangChain's key is the prompt's text",
    },
  },
  {
    name: "ChatOpenAI",
    make: (fields) =>
      new ChatOpenAI({
        apiKey,
        configuration: { baseURL: `${signalbox.url}/v1` },
        maxRetries: 0,
        ...fields,
      }),
    differences: {
      "structured output that does not parse is told, never an empty object":
        "the SDK below parses by itself and throws, before the message can be given",
      "neither its serialised form nor printing it shows the key":
        "it keeps the key in fields that are printed",
      "a cache knows one picture from another": "LangChain's key is the prompt's text",
    },
  },
];

for (const [index, subject] of subjects.entries()) {
  const start = index * modelsPerSubject;
  chatModelContract(subject, () => signalbox, models.slice(start, start + modelsPerSubject));
}
