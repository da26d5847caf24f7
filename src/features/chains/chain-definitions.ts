import type { ChainDefinition } from "#core/chains/chain-definition.ts";
import { agent } from "./ready/agent.ts";
import { answer } from "./ready/answer.ts";
import { classify } from "./ready/classify.ts";
import { extract } from "./ready/extract.ts";
import { sql } from "./ready/sql.ts";
import { summarise } from "./ready/summarise.ts";

/** The chains that every Signalbox has. */
export const chainDefinitions: readonly ChainDefinition[] = [
  summarise,
  extract,
  classify,
  answer,
  sql,
  agent,
];
