import { joinPrompt } from "./join-prompt.ts";
import type { Prompt } from "./prompt.ts";
import { promptVersionSchema } from "./prompt-schema.ts";
import { readPrompt, type ReadPrompt } from "./read-prompt.ts";

/** A prompt as somebody writes it, ready to be rendered; `others` are what it may include, as `tone@2`. */
export function promptOf(written: unknown, others: Readonly<Record<string, unknown>> = {}): Prompt {
  const read = new Map(Object.entries(others).map(([reference, other]) => [reference, readOf(other)]));
  const joined = joinPrompt({ name: "support", version: 1 }, readOf(written), (name, version) =>
    read.get(`${name}@${version}`),
  );
  if (!joined.ok) throw new Error(JSON.stringify(joined.error));
  return joined.value;
}

/** A version by itself. @throws where it cannot be read */
export function readOf(written: unknown): ReadPrompt {
  const { prompt, problems } = readPrompt(promptVersionSchema.parse(written));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return prompt;
}
