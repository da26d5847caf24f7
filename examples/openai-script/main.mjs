import OpenAI from "openai";

// Nothing here names Signalbox: OPENAI_BASE_URL does.
const client = new OpenAI();

const stream = await client.chat.completions.create({
  model: "chat",
  stream: true,
  messages: [{ role: "user", content: process.argv[2] ?? "Why is the sky blue?" }],
});
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? "");
process.stdout.write("\n");
