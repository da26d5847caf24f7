import type { Assertion } from "./assertion.ts";

/** `type: value`, `type(threshold): value` or `type`, as a cell under `__expected` says what is wanted. */
const pattern = /^\s*((?:not-)?[a-z][a-z-]*)(?:\([\d.]+\))?\s*(?::([\s\S]*))?$/;

/** Words of cells for types with another name. */
const names: ReadonlyMap<string, string> = new Map([
  ["grade", "llm-rubric"],
  ["fn", "javascript"],
  ["eval", "javascript"],
]);

/** Types of assertions that a cell may name; before any other word a colon is a part of the text that is wanted. */
const types: ReadonlySet<string> = new Set(
  `equals contains icontains contains-all contains-any icontains-all icontains-any starts-with regex is-json contains-json
  is-sql is-xml contains-xml is-html similar levenshtein rouge-n bleu perplexity latency cost javascript python webhook
  llm-rubric factuality answer-relevance model-graded-closedqa select-best`.split(/\s+/),
);

/** What a cell under `__expected` asserts; the text itself is wanted where it names no type. */
export function expectedCell(cell: string): Assertion {
  const [, word, value] = pattern.exec(cell) ?? [];
  const type = word === undefined ? undefined : (names.get(word) ?? word);
  if (type === undefined || !types.has(type.replace(/^not-/, ""))) return { type: "equals", value: cell };
  return { type, ...(value !== undefined && { value: value.trim() }) };
}
