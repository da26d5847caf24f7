import { chainLimitsDefault, type ChainDefinition } from "#core/chains/chain-definition.ts";

/** Writes one statement that only reads, for a question about a database. */
export const sql: ChainDefinition = {
  name: "sql",
  version: 1,
  description:
    "Writes a SQL statement that answers a question about a database. It only reads, which is checked.",
  variables: [
    {
      name: "question",
      description: "What is to be found out.",
      type: "text",
      lengthMax: 20_000,
      example: "How many orders has each customer?",
    },
    {
      name: "schema",
      description: "The tables, as CREATE TABLE statements or in words.",
      type: "text",
      lengthMax: 200_000,
      example: "CREATE TABLE orders (id int, customer text);",
    },
    {
      name: "dialect",
      description: "`postgres`, `mysql` or `sqlite`.",
      type: "text",
      lengthMax: 20,
      example: "postgres",
      valueDefault: "postgres",
    },
  ],
  steps: [
    {
      kind: "ask",
      as: "statement",
      messages: [
        [
          "system",
          "You write SQL for {dialect}. Use only tables and columns of the schema; name columns, never select *; give " +
            "each computed column a name; order what is ranked. Where the question allows many rows, limit them to 1000. " +
            "The schema:\n\n{schema}",
        ],
        ["human", "{question}"],
      ],
      output: { type: "sql", dialectFrom: "dialect" },
    },
  ],
  limits: chainLimitsDefault,
  modelDefault: "gemini-3.5-flash-lite",
};
