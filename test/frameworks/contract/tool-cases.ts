import { HumanMessage, ToolMessage, type AIMessage, type BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { expect } from "vitest";
import { z } from "zod";
import { summed, type AnyChatModel, type ContractCase } from "./contract-case.ts";

const weather = tool(({ city }) => `21 degrees in ${city}`, {
  name: "get_weather",
  description: "Weather of a city",
  schema: z.object({ city: z.string() }),
});
const clock = tool(() => "noon", {
  name: "get_time",
  description: "Time of day",
  schema: z.object({ zone: z.string() }),
});
const film = z.object({
  title: z.string(),
  year: z.int().min(1900).max(2100),
  kind: z.enum(["short", "long"]),
});

function withTools(model: AnyChatModel, options: object = {}) {
  const bound = model.bindTools?.([weather, clock], options);
  if (!bound) throw new Error("The client cannot bind tools");
  return bound;
}

function resultsFor(asked: AIMessage): readonly BaseMessage[] {
  return (asked.tool_calls ?? []).map(
    ({ id = "", name }) => new ToolMessage({ content: "21 degrees", tool_call_id: id, name }),
  );
}

const paris = new HumanMessage('[[call:get_weather {"city":"Paris"}]] Weather?');
const two = new HumanMessage(
  '[[call:get_weather {"city":"Paris"}]] [[call:get_weather {"city":"Rome"}]] Weather in both?',
);

/** Tools, their choice, and structured output. */
export const toolCases: readonly ContractCase[] = [
  {
    fact: "calls a tool and goes on with its result, thought signatures and all",
    async holds({ make }) {
      const model = withTools(make({}));
      const asked = await model.invoke([paris]);
      expect(asked.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Paris" } }]);
      const answer = await model.invoke([paris, asked, ...resultsFor(asked)]);
      expect(answer.text).not.toBe("");
    },
  },
  {
    fact: "calls a tool in a stream and goes on with its result",
    async holds({ make }) {
      const model = withTools(make({}));
      const { message } = await summed(await model.stream([paris]));
      expect(message.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Paris" } }]);
      const { message: answer } = await summed(await model.stream([paris, message, ...resultsFor(message)]));
      expect(answer.text).not.toBe("");
    },
  },
  {
    fact: "keeps calls apart that a stream makes at once",
    async holds({ make }) {
      const model = withTools(make({}));
      const { message } = await summed(await model.stream([two]));
      expect(message.tool_calls?.map(({ args }) => args["city"])).toEqual(["Paris", "Rome"]);
      const answer = await model.invoke([two, message, ...resultsFor(message)]);
      expect(answer.text).not.toBe("");
    },
  },
  {
    fact: "a message of content-block events is history as good as any",
    async holds({ make }) {
      const model = make({});
      const message = await withTools(model)
        .invoke([paris])
        .then(
          () =>
            // The events of a bound model are the model's: it is called with the tools as an option.
            model.streamEvents([paris], { tools: [weather] } as object).output,
        );
      expect(message.tool_calls).toMatchObject([{ name: "get_weather", args: { city: "Paris" } }]);
      const answer = await withTools(model).invoke([paris, message, ...resultsFor(message)]);
      expect(answer.text).not.toBe("");
    },
  },
  {
    fact: 'tool choice "any" has a tool called',
    async holds({ make }) {
      const asked = await withTools(make({}), { tool_choice: "any" }).invoke("Say hello");
      expect(asked.tool_calls).toHaveLength(1);
    },
  },
  {
    fact: "tool choice by name has that tool called",
    async holds({ make }) {
      const asked = await withTools(make({}), { tool_choice: "get_time" }).invoke("Say hello");
      expect(asked.tool_calls).toMatchObject([{ name: "get_time" }]);
    },
  },
  {
    fact: 'tool choice "none" has none called',
    async holds({ make }) {
      const answer = await withTools(make({}), { tool_choice: "none" }).invoke("Weather in Paris?");
      expect(answer.tool_calls ?? []).toEqual([]);
      expect(answer.text).not.toBe("");
    },
  },
  ...["jsonSchema", "functionCalling"].map((method) => ({
    fact: `structured output by ${method} fits the schema`,
    async holds({ make }: Parameters<ContractCase["holds"]>[0]) {
      const made = await make({}).withStructuredOutput(film, { method }).invoke("Describe a film");
      expect(film.safeParse(made).success).toBe(true);
    },
  })),
  {
    fact: "structured output takes a JSON schema",
    async holds({ make }) {
      const schema = {
        title: "film",
        type: "object",
        properties: { title: { type: "string" } },
        required: ["title"],
      };
      const made = await make({})
        .withStructuredOutput(schema, { method: "jsonSchema" })
        .invoke("Describe a film");
      expect(made).toMatchObject({ title: expect.any(String) });
    },
  },
  {
    fact: "structured output with includeRaw gives the message beside what was read",
    async holds({ make }) {
      const structured = make({}).withStructuredOutput(film, { method: "jsonSchema", includeRaw: true });
      const { raw, parsed } = await structured.invoke("Describe a film");
      expect(film.safeParse(parsed).success).toBe(true);
      expect(raw.text).toContain("{");
    },
  },
  {
    fact: "structured output that does not parse is told, never an empty object",
    async holds({ make }) {
      const structured = make({}).withStructuredOutput(film, { method: "jsonSchema", includeRaw: true });
      const { parsed } = await structured.invoke("[[say:no JSON at all]]");
      expect(parsed).toBeNull();
    },
  },
];
