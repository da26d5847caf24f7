import type { Json, JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { langChainPrompt, langChainRoles } from "./langchain-form.ts";
import {
  clientMessages,
  type Prompt,
  type PromptItem,
  type PromptMessage,
  type PromptPiece,
} from "./prompt.ts";
import type { Template } from "./template-parts.ts";
import { templateVariables } from "./template-variables.ts";

/**
 * A prompt in LangChain's serialised form, which `load` of LangChain.js reads. What it includes is in it; defaults and what
 * the prompt sets itself become partial variables; what only we check of a variable (type, enum, length) is left out.
 * @returns why that cannot be: LangChain has one set of partial variables for all messages
 */
export function toLangChain(prompt: Prompt): Result<JsonObject, string> {
  const partials = partialsOf(prompt);
  if (!partials.ok) return partials;
  const messages: Json[] = prompt.items.map(itemOf);
  const hasClient = prompt.items.some((item) => item.type === "placeholder" && item.name === clientMessages);
  if (!hasClient) messages.push(placeholderOf(clientMessages, true));
  const names = [...prompt.variables.keys()].filter((name) => !Object.hasOwn(partials.value, name));
  const kwargs = {
    input_variables: [...names, clientMessages],
    messages,
    ...(Object.keys(partials.value).length > 0 && { partial_variables: partials.value }),
  };
  return ok(langChainPrompt("chat", "ChatPromptTemplate", kwargs));
}

function partialsOf({ items, variables }: Prompt): Result<JsonObject, string> {
  const partials = new Map<string, Json>();
  for (const [name, { default: usual, required }] of variables) {
    if (usual !== undefined) partials.set(name, usual);
    else if (!required) partials.set(name, "");
  }
  // A placeholder that is optional says so itself.
  for (const item of items) if (item.type === "placeholder") partials.delete(item.name);
  const own = new Set<string>();
  for (const item of items)
    for (const message of item.type === "placeholder" ? [] : item.type === "message" ? [item] : item.messages)
      for (const [name, value = null] of Object.entries(message.partials)) {
        const isOther = own.has(name) && JSON.stringify(partials.get(name)) !== JSON.stringify(value);
        if (isOther || variables.has(name))
          return failed(`partial "${name}" to have one value in all messages, it has several`);
        own.add(name);
        partials.set(name, value);
      }
  return ok(Object.fromEntries(partials));
}

function itemOf(item: PromptItem): JsonObject {
  if (item.type === "message") return messageOf(item);
  if (item.type === "placeholder") return placeholderOf(item.name, item.optional);
  return langChainPrompt("few_shot_chat", "FewShotChatMessagePromptTemplate", {
    example_prompt: langChainPrompt("chat", "ChatPromptTemplate", {
      input_variables: [...new Set(item.messages.flatMap(namesOf))],
      messages: item.messages.map(messageOf),
    }),
    examples: item.values,
    input_variables: [],
  });
}

function placeholderOf(name: string, optional: boolean): JsonObject {
  return langChainPrompt("chat", "MessagesPlaceholder", { variable_name: name, optional });
}

function messageOf({ role, pieces }: PromptMessage): JsonObject {
  const [first] = pieces;
  const isText = pieces.length === 1 && first?.type === "text";
  const prompt = isText ? textOf(first.template) : pieces.map(pieceOf);
  return langChainPrompt("chat", `${langChainRoles[role]}MessagePromptTemplate`, { prompt });
}

function pieceOf(piece: PromptPiece): JsonObject {
  if (piece.type === "text") return textOf(piece.template);
  const { url, detail } = piece;
  return langChainPrompt("image", "ImagePromptTemplate", {
    template: { url: url.text, ...(detail !== undefined && { detail }) },
    input_variables: namesIn(url),
    template_format: url.format,
  });
}

function textOf(template: Template): JsonObject {
  return langChainPrompt("prompt", "PromptTemplate", {
    input_variables: namesIn(template),
    template_format: template.format,
    template: template.text,
  });
}

function namesOf({ pieces }: PromptMessage): readonly string[] {
  return pieces.flatMap((piece) => namesIn(piece.type === "text" ? piece.template : piece.url));
}

function namesIn(template: Template): readonly string[] {
  return [...templateVariables(template).outer];
}
