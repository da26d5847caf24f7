import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Message, Part } from "#core/llm/message.ts";
import type { PromptProblem } from "./prompt-problem.ts";
import { isClientMessages, missingVariables, promptValues } from "./prompt-values.ts";
import { promptReference, type Prompt, type PromptMessage, type PromptPiece } from "./prompt.ts";
import { renderedLengthMax, renderRoom, renderTemplate, type RenderRoom } from "./render-template.ts";

/** What a prompt is rendered with. */
export interface PromptInput {
  /** The variables of the request. Those that the prompt does not use are not looked at. */
  readonly values: JsonObject;
  /** The client's messages: they go to the placeholder `messages`, or follow where there is none. */
  readonly messages: readonly Message[];
}

/**
 * The messages of a prompt with its gaps filled and the client's messages among them. Pure and strict: what is missing or
 * of another type is a problem that names it.
 */
export function renderPrompt(prompt: Prompt, input: PromptInput): Result<readonly Message[], PromptProblem> {
  const values = promptValues(prompt, input.values);
  if (!values.ok) return values;
  const absent = new Set([...prompt.variables.keys()].filter((name) => !Object.hasOwn(values.value, name)));
  const rendering = new PromptRendering(values.value, absent, renderRoom());
  const messages: Message[] = [];
  let hasClient = false;
  for (const item of prompt.items) {
    if (item.type === "message") messages.push(rendering.message(item, {}));
    else if (item.type === "examples")
      for (const example of item.values)
        messages.push(...item.messages.map((message) => rendering.message(message, example)));
    else if (isClientMessages(item.name)) {
      hasClient = true;
      messages.push(...input.messages);
    } else {
      const given = givenMessages(prompt, item.name, values.value[item.name]);
      if (!given.ok) return given;
      messages.push(...given.value);
    }
  }
  if (rendering.cut) return failed(tooLong(prompt));
  if (rendering.missing.size > 0) return failed(missingVariables(prompt, [...rendering.missing]));
  return ok(hasClient ? messages : [...messages, ...input.messages]);
}

class PromptRendering {
  readonly missing = new Set<string>();
  cut = false;
  readonly #values: JsonObject;
  readonly #absent: ReadonlySet<string>;
  readonly #room: RenderRoom;

  constructor(values: JsonObject, absent: ReadonlySet<string>, room: RenderRoom) {
    this.#values = values;
    this.#absent = absent;
    this.#room = room;
  }

  message({ role, pieces, partials }: PromptMessage, example: JsonObject): Message {
    const values = { ...this.#values, ...partials, ...example };
    return { role, parts: pieces.map((piece) => this.#part(piece, values)) };
  }

  #part(piece: PromptPiece, values: JsonObject): Part {
    if (piece.type === "text") return { type: "text", text: this.#text(piece.template, values) };
    const source = imageSource(this.#text(piece.url, values));
    return {
      type: "media",
      kind: "image",
      ...source,
      ...(piece.detail !== undefined && { detail: piece.detail }),
    };
  }

  #text(template: Parameters<typeof renderTemplate>[0], values: JsonObject): string {
    const { text, missing, cut } = renderTemplate(template, values, {
      room: this.#room,
      absent: this.#absent,
    });
    for (const name of missing) this.missing.add(name);
    this.cut ||= cut;
    return text;
  }
}

/** An address, or the picture itself where the address is one of `data:`. */
function imageSource(url: string): { source: { type: "url"; url: string } } | InlineImage {
  const inline = /^data:([\w.+/-]+);base64,/.exec(url);
  if (!inline) return { source: { type: "url", url } };
  const [head, mimeType = ""] = inline;
  return { mimeType, source: { type: "inline", base64: url.slice(head.length) } };
}

interface InlineImage {
  readonly mimeType: string;
  readonly source: { readonly type: "inline"; readonly base64: string };
}

function tooLong(prompt: Prompt): PromptProblem {
  return {
    code: "too-long",
    names: [],
    message: `prompt "${promptReference(prompt)}" may have at most ${renderedLengthMax} characters with its variables, it has more`,
  };
}

/** The messages that a variable brings: a list of `{role, content}`. */
function givenMessages(
  prompt: Prompt,
  name: string,
  value: Json | undefined,
): Result<readonly Message[], PromptProblem> {
  if (value === undefined) return ok([]);
  const messages = isList(value) ? value.map(messageOf) : [undefined];
  const read = messages.filter((message) => message !== undefined);
  if (read.length === messages.length) return ok(read);
  const message = `prompt "${promptReference(prompt)}" wants a list of messages such as {"role": "user", "content": "Hello"} as "${name}" (system, user or assistant), it is something else`;
  return failed({ code: "wrong-variable", names: [name], message });
}

function messageOf(value: Json): Message | undefined {
  if (!isJsonObject(value)) return undefined;
  const { role, content } = value;
  if (role !== "system" && role !== "user" && role !== "assistant") return undefined;
  return typeof content === "string" ? { role, parts: [{ type: "text", text: content }] } : undefined;
}
