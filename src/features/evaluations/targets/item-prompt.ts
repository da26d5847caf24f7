import { isList, isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { Message, Part } from "#core/llm/message.ts";
import { joinPrompt } from "#core/prompts/join-prompt.ts";
import type { PromptVersionSettings } from "#core/prompts/prompt-schema.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import { readPrompt } from "#core/prompts/read-prompt.ts";
import { renderPrompt } from "#core/prompts/render-prompt.ts";

/** Makes the messages of OpenAI's chat completions that ask an item, or says what the item lacks. */
export type ItemPrompt = (fields: JsonObject) => Result<readonly JsonObject[], string>;

/** What is asked, as written: a text, or a prompt; where nothing is written, items bring their own. */
export type WrittenPrompt = string | PromptVersionSettings | undefined;

/** What is wrong with a prompt as written. */
export interface PromptFault {
  /** From the prompt's own beginning. */
  readonly path: readonly (string | number)[];
  readonly wanted: string;
  readonly actual?: string;
}

/** Reads what is asked. */
export function itemPrompt(written: WrittenPrompt): Result<ItemPrompt, PromptFault> {
  if (written === undefined) return ok(ownMessages);
  const settings: PromptVersionSettings =
    typeof written === "string" ? { format: "mustache", messages: [{ user: written }] } : written;
  const { prompt, problems } = readPrompt(settings);
  const [problem] = problems;
  if (problem) return failed(typeof written === "string" ? { ...problem, path: [] } : problem);
  const joined = joinPrompt({ name: "evaluation", version: 1 }, prompt, () => undefined);
  if (!joined.ok) return joined;
  return ok((fields) => rendered(joined.value, fields));
}

function rendered(prompt: Prompt, fields: JsonObject): Result<readonly JsonObject[], string> {
  const messages = renderPrompt(prompt, { values: fields, messages: [] });
  return messages.ok ? ok(messages.value.map(wireMessage)) : failed(messages.error.message);
}

/** What an item itself asks: `messages` as OpenAI has them, or a text as `prompt`, `question` or `input`. */
const ownMessages: ItemPrompt = (fields) => {
  const messages = fields["messages"];
  if (isList(messages) && messages.length > 0 && messages.every((message) => isJsonObject(message)))
    return ok(messages);
  const text = ["prompt", "question", "input"]
    .map((name) => fields[name])
    .find((value) => typeof value === "string");
  if (text !== undefined) return ok([{ role: "user", content: text }]);
  return failed(
    "an evaluation without `prompt` wants items with `messages`, or with a text as `prompt`, `question` or `input`; this one has none",
  );
};

function wireMessage({ role, parts }: Message): JsonObject {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return { role, content: texts.length === parts.length ? texts.join("") : parts.flatMap(wirePart) };
}

function wirePart(part: Part): readonly JsonObject[] {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type !== "media" || part.source.type === "file") return [];
  const { source, mimeType = "image/png", detail } = part;
  const url = source.type === "url" ? source.url : `data:${mimeType};base64,${source.base64}`;
  return [{ type: "image_url", image_url: { url, ...(detail !== undefined && { detail }) } }];
}
