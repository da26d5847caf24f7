import { createAgent, tool } from "langchain";
import { ChatGoogle } from "@langchain/google";
import { z } from "zod";

const weather = tool(({ city }) => `It is 21 degrees in ${city}.`, {
  name: "get_weather",
  description: "Tells the weather of a city",
  schema: z.object({ city: z.string() }),
});

// Nothing here names Signalbox: LANGSMITH_GATEWAY does.
const agent = createAgent({
  model: new ChatGoogle({ model: "chat" }),
  tools: [weather],
  systemPrompt: "Answer in one sentence.",
});

const question = process.argv[2] ?? "What is the weather in Paris?";
const { messages } = await agent.invoke({ messages: [{ role: "user", content: question }] });
for (const message of messages) {
  const calls = (message.tool_calls ?? []).map(({ name, args }) => `${name} ${JSON.stringify(args)}`);
  process.stdout.write(`${message.getType()}: ${message.text || calls.join(", ")}\n`);
}
