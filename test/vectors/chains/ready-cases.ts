import type { ChainCase } from "#features/chains/index.ts";

/** A sentinel that makes the emulator answer with this text; a `]]` would end it. */
const say = (text: string) => `[[say:${text}]]`;

const schema = {
  type: "object",
  properties: { name: { type: "string" }, year: { type: "integer" } },
  required: ["name", "year"],
  additionalProperties: false,
};
const labels = ["delivery", "billing", "other"];
const sources = ["Ada Lovelace wrote the first program in 1843.", "Charles Babbage designed the engine."];
const cited = { answered: true, answer: "In 1843.", citations: [{ source: 1, quote: "the first program in 1843" }] };

/** Cases of the ready chains. What the emulator is to say stands in them, so that it says the same on every model. */
export const readyCases: readonly ChainCase[] = [
  {
    chain: "summarise",
    about: "a text",
    input: { text: `${say("Signalbox routes.")} Signalbox routes requests.` },
    output: "Signalbox routes.",
  },
  {
    chain: "extract",
    about: "facts of a schema",
    input: { text: say('{"name": "Ada Lovelace", "year": 1843}'), schema },
    output: { name: "Ada Lovelace", year: 1843 },
  },
  {
    chain: "extract",
    about: "an answer that has never the schema's form",
    input: { text: say('{"name": "Ada Lovelace"}'), schema },
    code: "unparsable-answer",
  },
  {
    chain: "extract",
    about: "a schema that is none",
    input: { text: "x", schema: { type: "unheard of" } },
    code: "invalid-request",
  },
  { chain: "classify", about: "one label", input: { text: say("Delivery."), labels }, output: "delivery" },
  {
    chain: "classify",
    about: "several labels",
    input: { text: say("billing, delivery"), labels, choice: "all" },
    output: ["billing", "delivery"],
  },
  {
    chain: "classify",
    about: "a label that is not among them",
    input: { text: say("complaint"), labels },
    code: "unparsable-answer",
  },
  {
    chain: "answer",
    about: "a quote that stands in its source",
    input: { question: say(JSON.stringify(cited).replace("]}", "] }")), sources },
    output: cited,
  },
  {
    chain: "answer",
    about: "an invented quote",
    input: {
      question: say(
        JSON.stringify({ ...cited, citations: [{ source: 2, quote: "the first program in 1843" }] }).replace("]}", "] }"),
      ),
      sources,
    },
    code: "unparsable-answer",
  },
  {
    chain: "sql",
    about: "a statement that reads",
    input: { question: say("SELECT count(*) AS orders FROM orders;"), schema: "orders (id int)" },
    output: "SELECT count(*) AS orders FROM orders",
  },
  {
    chain: "sql",
    about: "a statement that writes",
    input: { question: say("DELETE FROM orders"), schema: "orders (id int)" },
    code: "unparsable-answer",
  },
  {
    chain: "sql",
    about: "an unknown dialect",
    input: { question: "How many?", schema: "orders (id int)", dialect: "cobol" },
    code: "invalid-request",
  },
  { chain: "agent", about: "a task without tools", input: { task: say("Done.") }, output: "Done." },
  {
    chain: "agent",
    about: "a tool that is called with what it does not take, then an answer",
    input: { task: `${say("Done.")} [[call:classify {"text":"x"}]]` },
    output: "Done.",
  },
];
