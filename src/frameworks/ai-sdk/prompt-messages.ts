import type {
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4TextPart,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { JsonObject } from "#core/kernel/json.ts";
import { signatureField } from "../transport/thought-signature.ts";

/** Media types of OpenAI's sound formats; other sound goes as a file. */
const soundFormats: Readonly<Record<string, string>> = {
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/mp3": "mp3",
  "audio/mpeg": "mp3",
};

/** The AI SDK's prompt as OpenAI's messages. */
export function promptMessages(prompt: LanguageModelV4Prompt): readonly JsonObject[] {
  return prompt.flatMap(messagesOf);
}

function messagesOf(message: LanguageModelV4Message): readonly JsonObject[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user":
      return [{ role: "user", content: message.content.map(userPart) }];
    case "assistant":
      return [assistantMessage(message.content)];
    case "tool":
      return message.content.flatMap((part) => (part.type === "tool-result" ? [toolMessage(part)] : []));
  }
}

type AssistantContent = Extract<LanguageModelV4Message, { readonly role: "assistant" }>["content"];

/** Text and calls; thoughts are not sent back, the signatures that prove them are. */
function assistantMessage(content: AssistantContent): JsonObject {
  const texts = content.filter((part) => part.type === "text");
  const calls = content
    .filter((part) => part.type === "tool-call")
    .map(({ toolCallId, toolName, input, providerOptions }) => ({
      id: toolCallId,
      type: "function",
      function: {
        name: toolName,
        arguments: typeof input === "string" ? input : JSON.stringify(input ?? {}),
      },
      ...signatureField(signatureOf(providerOptions)),
    }));
  const text = texts.map((part) => part.text).join("");
  const signature = texts.map(({ providerOptions }) => signatureOf(providerOptions)).find(Boolean);
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...signatureField(signature),
  };
}

/** What `signatureMetadata` put on the part when it was answered. */
function signatureOf(options: SharedV4ProviderOptions | undefined): string | undefined {
  const signature = options?.["signalbox"]?.["thoughtSignature"];
  return typeof signature === "string" ? signature : undefined;
}

function toolMessage({ toolCallId, output }: LanguageModelV4ToolResultPart): JsonObject {
  return { role: "tool", tool_call_id: toolCallId, content: resultContent(output) };
}

function resultContent(output: LanguageModelV4ToolResultPart["output"]): string | readonly JsonObject[] {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "The call was not allowed";
    case "content":
      return output.value.flatMap((part) => (part.type === "custom" ? [] : [userPart(part)]));
  }
}

type UserPart =
  | Pick<LanguageModelV4TextPart, "type" | "text">
  | Omit<LanguageModelV4FilePart, "providerOptions">;

function userPart(part: UserPart): JsonObject {
  if (part.type === "text") return { type: "text", text: part.text };
  const { data, mediaType, filename } = part;
  const named = filename === undefined ? {} : { filename };
  switch (data.type) {
    case "text":
      return { type: "text", text: data.text };
    case "url":
      return addressed(mediaType, data.url.href, named);
    case "reference":
      return { type: "file", file: { file_id: referenceOf(data.reference), ...named } };
    case "data":
      return inlined(mediaType, base64Of(data.data), named);
  }
}

function inlined(mediaType: string, base64: string, named: JsonObject): JsonObject {
  const format = soundFormats[mediaType];
  if (format !== undefined) return { type: "input_audio", input_audio: { data: base64, format } };
  // "image/*" means that nobody looked at the bytes; models do.
  const type = mediaType.endsWith("/*") || mediaType === "image" ? "image/jpeg" : mediaType;
  return addressed(type, `data:${type};base64,${base64}`, named);
}

function addressed(mediaType: string, url: string, named: JsonObject): JsonObject {
  if (mediaType.startsWith("image")) return { type: "image_url", image_url: { url } };
  return { type: "file", file: { file_data: url, ...named } };
}

function base64Of(data: Uint8Array | string): string {
  return typeof data === "string" ? data : Buffer.from(data).toString("base64");
}

/** A file that was uploaded before, by the name that it has at Signalbox's provider. */
function referenceOf(reference: Readonly<Record<string, string>>): string {
  const name = reference["signalbox"] ?? Object.values(reference)[0];
  if (name === undefined)
    throw new TypeError("Cannot send a file by reference: its name is wanted, there is none");
  return name;
}
