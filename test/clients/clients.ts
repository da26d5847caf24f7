/** A client as people name it, and where its facts are. */
export interface Client {
  readonly name: string;
  /** The packages whose versions matter, its own first. */
  readonly packages: readonly string[];
  /** The suite, by the name of its file. */
  readonly suite: string;
  /** Fits the full names of its facts; all of the suite when absent. */
  readonly facts?: RegExp;
}

const aiSdkEmbeddings = "^the AI SDK's embeddings ";
const applications = "langchain-applications.client.mjs";

/** Every client of the table, in its order. */
export const clients: readonly Client[] = [
  { name: "OpenAI", packages: ["openai"], suite: "openai.test.ts" },
  { name: "OpenAI, Responses API", packages: ["openai"], suite: "openai-responses.test.ts" },
  { name: "Google GenAI", packages: ["@google/genai"], suite: "google-genai.test.ts" },
  { name: "Anthropic", packages: ["@anthropic-ai/sdk"], suite: "anthropic.test.ts" },
  {
    name: "AI SDK, Google",
    packages: ["@ai-sdk/google", "ai"],
    suite: "ai-sdk.test.ts",
    facts: new RegExp(`^@ai-sdk/google |${aiSdkEmbeddings}`),
  },
  {
    name: "AI SDK, OpenAI",
    packages: ["@ai-sdk/openai", "ai"],
    suite: "ai-sdk.test.ts",
    facts: new RegExp(`^@ai-sdk/openai (?!by the Responses API )|${aiSdkEmbeddings}`),
  },
  {
    name: "AI SDK, OpenAI, Responses API",
    packages: ["@ai-sdk/openai", "ai"],
    suite: "ai-sdk.test.ts",
    facts: /^@ai-sdk\/openai by the Responses API /,
  },
  {
    name: "LangChain, ChatGoogle",
    packages: ["@langchain/google", "@langchain/core"],
    suite: "langchain.test.ts",
    facts: /^(beside chats )?@langchain\/google /,
  },
  {
    name: "LangChain, ChatOpenAI",
    packages: ["@langchain/openai", "@langchain/core"],
    suite: "langchain.test.ts",
    facts: /^(beside chats )?@langchain\/openai (?!by the Responses API )/,
  },
  {
    name: "LangChain, ChatOpenAI, Responses API",
    packages: ["@langchain/openai", "@langchain/core"],
    suite: "langchain.test.ts",
    facts: /^@langchain\/openai by the Responses API /,
  },
  {
    name: "LangChain, ChatGoogleGenerativeAI",
    packages: ["@langchain/google-genai", "@langchain/core"],
    suite: applications,
    facts: /^ChatGoogleGenerativeAI /,
  },
  {
    name: "LangChain, initChatModel",
    packages: ["langchain", "@langchain/core"],
    suite: applications,
    facts: /^initChatModel /,
  },
  {
    name: "LangChain, createAgent",
    packages: ["langchain", "@langchain/core"],
    suite: applications,
    facts: /^createAgent /,
  },
  {
    name: "LangGraph",
    packages: ["@langchain/langgraph", "@langchain/core"],
    suite: applications,
    facts: /^LangGraph /,
  },
  { name: "LangChain, RemoteRunnable", packages: ["@langchain/core"], suite: "remote-runnable.client.mjs" },
  { name: "Genkit", packages: ["genkit", "@genkit-ai/google-genai"], suite: "genkit.client.mjs" },
];
