import type { Fields } from "#core/dialects/fields.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message, Part, ThinkingPart, ToolCallPart } from "#core/llm/message.ts";
import { decodeBlock } from "./decode-block.ts";
import { asExtra, extraOf, unreadFields } from "./extra-fields.ts";
import { readSignature } from "./signature.ts";

/** Reads the blocks of a turn of the model. @param own the fields of the message that nobody reads */
export function decodeAssistant(blocks: readonly Fields[], own: JsonObject | undefined): Message {
  const turn: Turn = { parts: [], unread: [] };
  for (const block of blocks) addBlock(turn, block);
  // A signature whose call the client left out signs nothing.
  if (turn.callSignature !== undefined) turn.unread.push({ signature: turn.callSignature });
  const thinking = turn.unread.length > 0 ? { thinking: turn.unread } : {};
  return { role: "assistant", parts: turn.parts, ...asExtra({ ...own, ...thinking }) };
}

/** A turn while it is read. */
interface Turn {
  readonly parts: Part[];
  /** What no other model can read: thoughts that are encrypted, or of which there is a signature alone. */
  readonly unread: JsonObject[];
  /** Of the call that comes next. */
  callSignature?: string;
}

function addBlock(turn: Turn, block: Fields): void {
  switch (block.value("type")) {
    case "thinking":
      return addThinking(turn, block);
    case "redacted_thinking":
      turn.unread.push(block.object);
      return;
    case "tool_use":
      turn.parts.push(decodeCall(block, turn.callSignature));
      delete turn.callSignature;
      return;
    default:
      turn.parts.push(...decodeBlock(block));
  }
}

function addThinking(turn: Turn, block: Fields): void {
  const text = block.requiredText("thinking");
  const written = block.text("signature") ?? "";
  const signed = readSignature(written);
  if (signed?.of === "tool-call") turn.callSignature = signed.signature;
  const own = signed?.of === "thinking" ? { thoughtSignature: signed.signature } : undefined;
  const fields = {
    ...unreadFields(block.object, { type: true, thinking: true, signature: true }),
    ...(written !== "" && !signed && { signature: written }),
  };
  const part: ThinkingPart = { type: "thinking", text, ...own, ...asExtra(fields) };
  if (text !== "" || own) turn.parts.push(part);
  else if (part.extra) turn.unread.push(fields);
}

// Every call of ours is a direct one, and says so.
const callFields = { type: true, id: true, name: true, input: true, caller: { type: true } } as const;

function decodeCall(block: Fields, signature: string | undefined): ToolCallPart {
  return {
    type: "tool-call",
    id: block.requiredText("id"),
    name: block.requiredText("name"),
    argumentsJson: JSON.stringify(block.json("input") ?? {}),
    ...(signature !== undefined && { thoughtSignature: signature }),
    ...extraOf(block.object, callFields),
  };
}
