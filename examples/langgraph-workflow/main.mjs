import { Annotation, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";

// Nothing here names Signalbox: LANGSMITH_GATEWAY does.
const model = new ChatOpenAI({ model: "chat" });
const verdict = z.object({ kind: z.enum(["question", "complaint"]) });

const State = Annotation.Root({ letter: Annotation(), kind: Annotation(), answer: Annotation() });

async function sort({ letter }) {
  return model
    .withStructuredOutput(verdict, { method: "jsonSchema" })
    .invoke(`What kind of letter is this?\n${letter}`);
}

async function explain({ letter }) {
  return { answer: (await model.invoke(`Answer this question:\n${letter}`)).text };
}

async function apologise({ letter }) {
  return { answer: (await model.invoke(`Apologise for what is complained about:\n${letter}`)).text };
}

/** A letter is sorted by one request, and answered by another. */
const workflow = new StateGraph(State)
  .addNode("sort", sort)
  .addNode("explain", explain)
  .addNode("apologise", apologise)
  .addEdge("__start__", "sort")
  .addConditionalEdges("sort", ({ kind }) => (kind === "question" ? "explain" : "apologise"))
  .addEdge("explain", "__end__")
  .addEdge("apologise", "__end__")
  .compile();

const letter = process.argv[2] ?? "Dear all, why does my train stop at every signal?";
for await (const step of await workflow.stream({ letter }, { streamMode: "updates" }))
  for (const [node, update] of Object.entries(step))
    process.stdout.write(`${node}: ${JSON.stringify(update)}\n`);
