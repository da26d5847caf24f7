import type { Fields } from "#core/dialects/fields.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { MediaPart, Message, Part, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";
import { decodeContent } from "./decode-content.ts";
import { decodeOutput } from "./decode-output.ts";
import { extraOf } from "./extra-fields.ts";
import { readSignature, type PlacedSignature } from "./signature.ts";

/** An item of the input, read by itself. */
export type Item =
  | { readonly type: "message"; readonly message: Message }
  /** Words of the model's own turn. */
  | { readonly type: "said"; readonly parts: readonly Part[]; readonly extra?: Extra }
  | { readonly type: "thought"; readonly text: string; readonly signed: PlacedSignature | undefined }
  | { readonly type: "call"; readonly part: ToolCallPart }
  | { readonly type: "result"; readonly part: ToolResultPart; readonly media: readonly MediaPart[] };

/** Reads one item of `input`; undefined where it is none that can be served, which is a problem told. */
export function decodeItem(item: Fields): Item | undefined {
  switch (item.text("type")) {
    case "message":
      return decodeMessage(item);
    case "function_call":
      return { type: "call", part: decodeCall(item) };
    case "function_call_output":
      return decodeResult(item);
    case "reasoning":
      return decodeReasoning(item);
    case "item_reference":
      return refuseReference(item);
    case undefined:
      return item.value("role") === undefined ? decodeUntyped(item) : decodeMessage(item);
    default:
      item.problems.unsupported(
        item.at("type"),
        "only messages, function calls, their outputs and reasoning are served",
      );
      return undefined;
  }
}

/** A reference may go without its type: an id is all there is to it. */
function decodeUntyped(item: Fields): undefined {
  if (item.text("id") === undefined) item.invalid("type", "a string");
  else refuseReference(item);
}

function refuseReference(item: Fields): undefined {
  item.problems.unsupported(
    item.path,
    `Signalbox keeps no items to refer to; send the item itself, and "store": false (AI SDK: providerOptions.openai.store)`,
  );
}

/** What an item is called, how far it had come and who made it is of no use to a model. */
const itemFields = { type: true, id: true, status: true, created_by: true } as const;
const messageFields = { ...itemFields, role: true, content: true, phase: true } as const;

function decodeMessage(item: Fields): Item | undefined {
  const role = item.word("role", ["user", "assistant", "system", "developer"]);
  const extra = extraOf(item.object, messageFields);
  switch (role) {
    case "user": {
      const parts = decodeContent(item, "content", [
        "input_text",
        "input_image",
        "input_file",
        "input_audio",
      ]);
      return { type: "message", message: { role, parts, ...extra } };
    }
    case "system":
    case "developer":
      return {
        type: "message",
        message: { role: "system", parts: decodeContent(item, "content", ["input_text"]), ...extra },
      };
    case "assistant": {
      const parts = decodeContent(item, "content", ["output_text", "input_text", "refusal"]);
      return { type: "said", parts, ...extra };
    }
    case undefined:
      if (item.value("role") === undefined) item.invalid("role", "a string");
      return undefined;
  }
}

/** What the SDKs of OpenAI read out of the arguments themselves is nothing of its own. */
const callFields = {
  ...itemFields,
  call_id: true,
  name: true,
  arguments: true,
  parsed_arguments: true,
} as const;

function decodeCall(item: Fields): ToolCallPart {
  return {
    type: "tool-call",
    id: item.requiredText("call_id"),
    name: item.requiredText("name"),
    // A model that calls a tool without parameters may write nothing at all.
    argumentsJson: item.text("arguments") || "{}",
    ...extraOf(item.object, callFields),
  };
}

function decodeResult(item: Fields): Item {
  const { content, media } = decodeOutput(item);
  return {
    type: "result",
    part: {
      type: "tool-result",
      callId: item.requiredText("call_id"),
      content,
      ...extraOf(item.object, { ...itemFields, call_id: true, output: true }),
    },
    media,
  };
}

function decodeReasoning(item: Fields): Item {
  const encrypted = item.text("encrypted_content");
  // Open models tell their thoughts whole, in `content`; a summary beside that says the same in short.
  const content = item.children("content").map((part) => part.requiredText("text"));
  const summary = item.children("summary").map((part) => part.requiredText("text"));
  return {
    type: "thought",
    text: (content.length > 0 ? content : summary).join("\n\n"),
    signed: encrypted === undefined ? undefined : readSignature(encrypted),
  };
}
