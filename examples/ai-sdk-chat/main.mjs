import { createInterface } from "node:readline";
import { createOpenAI } from "@ai-sdk/openai";
import { streamText } from "ai";

const signalbox = createOpenAI({
  baseURL: `${process.env["SIGNALBOX_URL"] ?? "http://127.0.0.1:8080"}/v1`,
  apiKey: process.env["SIGNALBOX_KEY"] ?? "unused without keys",
});

/** The conversation so far: each line of input is a turn, and so is each answer. */
const messages = [];
for await (const line of createInterface({ input: process.stdin })) {
  messages.push({ role: "user", content: line });
  const { textStream, response } = streamText({ model: signalbox.chat("chat"), messages });
  for await (const text of textStream) process.stdout.write(text);
  process.stdout.write("\n");
  messages.push(...(await response).messages);
}
