import { ChatGoogle } from "@langchain/google";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll } from "vitest";
import { startEmbedded, type EmbeddedSignalbox } from "#composition/embedded/index.ts";
import { RoutedChatModel } from "#frameworks/langchain/index.ts";
import { startTestSignalbox, testConfiguration, type TestSignalbox } from "../support/test-signalbox.ts";
import { chatModelContract } from "./chat-model.contract.ts";
import type { Subject } from "./contract/contract-case.ts";

/** One that thinks, needs its signatures back and takes a temperature. */
const modelDefault = "gemini-3.8-flash";
/** A Signalbox without keys takes any; what is printed of a model must not hold it. */
const apiKey = "secret-key";

let signalbox: TestSignalbox;
let embedded: EmbeddedSignalbox;

beforeAll(async () => {
  signalbox = await startTestSignalbox();
  embedded = await startEmbedded({
    config: testConfiguration.replaceAll("EMULATOR", signalbox.emulatorUrl),
    variable: (name) => (name === "IN_HOUSE_KEY" ? "in-house-key" : undefined),
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
    make: ({ model = modelDefault, ...fields }) =>
      new RoutedChatModel({ model, url: signalbox.url, apiKey, ...fields }),
    differences: {},
  },
  {
    name: "RoutedChatModel within an application",
    make: ({ model = modelDefault, ...fields }) =>
      new RoutedChatModel({ model, transport: embedded.transport, ...fields }),
    differences: {},
  },
  {
    name: "ChatGoogle",
    make: ({ model = modelDefault, maxRetries = 0, ...fields }) =>
      new ChatGoogle({ model, apiKey, endpoint: signalbox.url, maxRetries, ...fields }),
    differences: {
      "a shared cache keeps models apart": "its _identifyingParams name no model",
      "a shared cache keeps parameters apart": "its _identifyingParams name no parameters",
      "a cache knows one picture from another": "LangChain's key is the prompt's text",
    },
  },
  {
    name: "ChatOpenAI",
    make: ({ model = modelDefault, maxRetries = 0, ...fields }) =>
      new ChatOpenAI({
        model,
        apiKey,
        configuration: { baseURL: `${signalbox.url}/v1` },
        maxRetries,
        ...fields,
      }),
    differences: {
      "a cache knows one picture from another": "LangChain's key is the prompt's text",
    },
  },
];

for (const subject of subjects) chatModelContract(subject, () => signalbox);
