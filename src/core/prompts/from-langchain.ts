import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { asFString } from "./f-string.ts";
import { langChainObject, langChainRoles, type LangChainObject } from "./langchain-form.ts";
import { isPlainMustache } from "./mustache.ts";
import { promptVersionSchema, type PromptVersionSettings } from "./prompt-schema.ts";
import { parseTemplate } from "./template.ts";
import { templateFormats, type TemplateFormat } from "./template-parts.ts";
import { templateVariables } from "./template-variables.ts";

/**
 * Reads a prompt of LangChain's in its serialised form (`JSON.stringify` of a ChatPromptTemplate or a PromptTemplate) as a
 * version, to be published.
 * @returns what of it there is no counterpart for
 */
export function fromLangChain(form: Json): Result<PromptVersionSettings, string> {
  const object = langChainObject(form);
  if (!object) return failed('an object {"lc": 1, "type": "constructor", ...} of LangChain');
  try {
    const reading = new Reading();
    const messages =
      object.name === "PromptTemplate" ? [{ user: reading.text(object) }] : reading.messages(object);
    const variables = optionalVariables([...reading.inner]);
    const partials = object.kwargs["partial_variables"];
    const written = {
      format: reading.format ?? "f-string",
      messages,
      ...(variables && { variables }),
      ...(isJsonObject(partials) && Object.keys(partials).length > 0 && { partials }),
    };
    const read = promptVersionSchema.safeParse(written);
    const issue = read.error?.issues[0];
    return read.success
      ? ok(read.data)
      : failed(`${issue?.message ?? "a prompt"} at ${issue?.path.join(".") ?? ""}`);
  } catch (error) {
    if (error instanceof NoCounterpart) return failed(error.message);
    throw error;
  }
}

/** What is in no version: found deep inside, told outside. */
class NoCounterpart extends Error {}

class Reading {
  format: TemplateFormat | undefined;
  /** Names inside of sections: LangChain wants them all, here they may be missing. */
  readonly inner = new Set<string>();

  messages({ name, kwargs }: LangChainObject): readonly JsonObject[] {
    if (name !== "ChatPromptTemplate")
      throw new NoCounterpart(`ChatPromptTemplate or PromptTemplate, not ${name}`);
    const messages = kwargs["messages"] ?? kwargs["prompt_messages"];
    if (!isList(messages)) throw new NoCounterpart("`messages` as a list");
    this.#formatIs(kwargs["template_format"]);
    return messages.map((message) => this.#message(message));
  }

  text({ kwargs }: LangChainObject): string {
    return this.#template(kwargs["template"], kwargs["template_format"]);
  }

  #message(value: Json): JsonObject {
    const object = langChainObject(value);
    if (!object) throw new NoCounterpart("messages that are objects of LangChain");
    const { name, kwargs } = object;
    if (name === "MessagesPlaceholder") return placeholderOf(kwargs);
    if (name === "FewShotChatMessagePromptTemplate") return this.#examples(kwargs);
    for (const [role, word] of Object.entries(langChainRoles)) {
      if (name === `${word}MessagePromptTemplate`) return { [role]: this.#content(kwargs["prompt"] ?? null) };
      if (name === `${word}Message`) return { [role]: this.#fixed(kwargs["content"]) };
    }
    throw new NoCounterpart(
      `messages of the system, the user and the model, placeholders and examples, not ${name}`,
    );
  }

  #examples(kwargs: JsonObject): JsonObject {
    const prompt = langChainObject(kwargs["example_prompt"]);
    const { examples } = kwargs;
    if (!prompt || !isList(examples))
      throw new NoCounterpart("`example_prompt` and `examples` of few-shot messages");
    return { examples: { messages: this.messages(prompt), values: examples } };
  }

  #content(prompt: Json): Json {
    if (!isList(prompt)) {
      const object = langChainObject(prompt);
      if (object?.name !== "PromptTemplate") throw new NoCounterpart("a PromptTemplate in each message");
      return this.text(object);
    }
    return prompt.map((piece) => this.#piece(piece));
  }

  #piece(value: Json): JsonObject {
    const object = langChainObject(value);
    const template = object?.kwargs["template"];
    const format = object?.kwargs["template_format"];
    if (object?.name === "PromptTemplate") return { text: this.text(object) };
    if (object?.name === "DictPromptTemplate" && isJsonObject(template) && template["type"] === "text")
      return { text: this.#template(template["text"], format) };
    if (object?.name === "ImagePromptTemplate" && isJsonObject(template)) {
      const { url, detail } = template;
      return { image: this.#template(url, format), ...(detail !== undefined && { detail }) };
    }
    throw new NoCounterpart(`pieces of text and pictures, not ${object?.name ?? "something else"}`);
  }

  /** A message without gaps. */
  #fixed(content: Json | undefined): string {
    if (typeof content !== "string") throw new NoCounterpart("messages without gaps that are one text");
    if (this.format !== "mustache") return asFString(content);
    if (isPlainMustache(content)) return content;
    throw new NoCounterpart('messages without "{{" beside templates of mustache');
  }

  #template(text: Json | undefined, format: Json | undefined): string {
    this.#formatIs(format);
    if (typeof text !== "string") throw new NoCounterpart("templates that are text");
    const parsed = parseTemplate(this.format ?? "f-string", text);
    if (!parsed.ok) throw new NoCounterpart(`templates that can be read, not ${parsed.error}`);
    for (const name of templateVariables(parsed.value).inner) this.inner.add(name);
    return text;
  }

  #formatIs(value: Json | undefined): void {
    if (value === undefined) return;
    const format = templateFormats.find((one) => one === value);
    if (!format || (this.format !== undefined && this.format !== format))
      throw new NoCounterpart("one format for all templates: f-string or mustache");
    this.format = format;
  }
}

function placeholderOf({ variable_name: name, optional }: JsonObject): JsonObject {
  if (typeof name !== "string") throw new NoCounterpart("placeholders with a name");
  return { placeholder: name, ...(optional === true && { optional: true }) };
}

function optionalVariables(names: readonly string[]) {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { required: false }]));
}
