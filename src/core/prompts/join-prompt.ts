import { failed, ok, type Result } from "#core/kernel/result.ts";
import { estimatedTextTokens } from "#core/routing/estimated-tokens.ts";
import {
  clientMessages,
  promptReference,
  type Prompt,
  type PromptItem,
  type PromptMessage,
  type PromptVariable,
} from "./prompt.ts";
import type { ReadPrompt, ReadProblem } from "./read-prompt.ts";
import type { Template, TemplatePart } from "./template-parts.ts";
import { templateVariables } from "./template-variables.ts";

/** How deep prompts may include one another. */
const includeDepthMax = 8;
/** Items of a prompt with all that it includes, at most. */
const itemsMax = 1_000;

/** Finds a version by its name and number. */
export type PromptLookup = (name: string, version: number) => ReadPrompt | undefined;

/** Puts what a version includes in its place, and says which variables the whole wants. */
export function joinPrompt(
  reference: { readonly name: string; readonly version: number },
  read: ReadPrompt,
  lookup: PromptLookup,
): Result<Prompt, ReadProblem> {
  const joining = new Joining(lookup);
  const problem = joining.add(read, [promptReference(reference)]);
  if (problem) return failed(problem);
  const { items, declared } = joining;
  const variables = variablesOf(items, declared);
  const unused = [...read.variables.keys()].find((name) => !variables.has(name));
  if (unused !== undefined)
    return failed({
      path: ["variables", unused],
      wanted: "a variable that a message of the prompt names",
      actual: `"${unused}", which none does`,
    });
  return ok({ ...reference, items, variables, tokens: ownTokens(items) });
}

class Joining {
  readonly items: PromptItem[] = [];
  readonly declared = new Map<string, PromptVariable>();
  readonly #lookup: PromptLookup;

  constructor(lookup: PromptLookup) {
    this.#lookup = lookup;
  }

  /** @param chain who includes whom, from the outermost to this one */
  add(read: ReadPrompt, chain: readonly string[]): ReadProblem | undefined {
    // What includes says more of a variable than what is included.
    for (const [name, variable] of read.variables)
      if (!this.declared.has(name)) this.declared.set(name, variable);
    for (const item of read.items) {
      if (this.items.length >= itemsMax)
        return {
          path: ["messages"],
          wanted: `at most ${itemsMax} messages with all that is included`,
          actual: "more",
        };
      if (item.type !== "include") this.items.push(item);
      else {
        const problem = this.#include(item, chain);
        if (problem) return problem;
      }
    }
    return undefined;
  }

  #include(
    { name, version, at }: { readonly name: string; readonly version: number; readonly at: number },
    chain: readonly string[],
  ): ReadProblem | undefined {
    const reference = promptReference({ name, version });
    const path = ["messages", at, "include"];
    if (chain.includes(reference))
      return {
        path,
        wanted: "prompts that do not include themselves",
        actual: [...chain, reference].join(" -> "),
      };
    if (chain.length > includeDepthMax)
      return { path, wanted: `at most ${includeDepthMax} prompts in one another`, actual: "more" };
    const included = this.#lookup(name, version);
    if (!included)
      return { path, wanted: "a version of a prompt", actual: `"${reference}", which there is not` };
    const problem = this.add(included, [...chain, reference]);
    // A place is told in the version itself: what is deeper is behind its own include.
    return problem && { ...problem, path };
  }
}

/** What requests must or may bring. Names inside of sections count where they are declared. */
function variablesOf(
  items: readonly PromptItem[],
  declared: ReadonlyMap<string, PromptVariable>,
): ReadonlyMap<string, PromptVariable> {
  const names = new Map<string, PromptVariable>();
  const use = (name: string, usual: PromptVariable) => {
    if (!names.has(name)) names.set(name, declared.get(name) ?? usual);
  };
  for (const item of items) {
    if (item.type === "placeholder") {
      if (item.name !== clientMessages) use(item.name, { type: "list", required: !item.optional });
      continue;
    }
    const messages = item.type === "message" ? [item] : item.messages;
    const given = item.type === "message" ? [{}] : item.values;
    for (const values of given)
      for (const message of messages)
        for (const template of templatesOf(message)) {
          const { outer, inner } = templateVariables(template);
          const isOpen = (name: string) =>
            !Object.hasOwn(values, name) && !Object.hasOwn(message.partials, name);
          for (const name of outer) if (isOpen(name)) use(name, { required: true });
          for (const name of inner) if (declared.has(name) && isOpen(name)) use(name, { required: true });
        }
  }
  return names;
}

function templatesOf({ pieces }: PromptMessage): readonly Template[] {
  return pieces.map((piece) => (piece.type === "text" ? piece.template : piece.url));
}

function ownTokens(items: readonly PromptItem[]): number {
  let tokens = 0;
  for (const item of items) {
    if (item.type === "placeholder") continue;
    const messages = item.type === "message" ? [item] : item.messages;
    const times = item.type === "message" ? 1 : item.values.length;
    for (const message of messages)
      for (const { parts } of templatesOf(message)) tokens += times * estimatedTextTokens(ownText(parts));
  }
  return tokens;
}

function ownText(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => (part.type === "text" ? part.text : part.type === "section" ? ownText(part.parts) : ""))
    .join("");
}
