import type { Fields } from "#core/dialects/fields.ts";
import { isList, type JsonObject } from "#core/kernel/json.ts";
import type { Message, Part } from "#core/llm/message.ts";
import { decodeAssistant } from "./decode-assistant.ts";
import { decodeBlock, decodeTexts } from "./decode-block.ts";
import { decodeToolResult } from "./decode-tool-result.ts";
import { asExtra, unreadFields } from "./extra-fields.ts";

/** Reads `system` and `messages`. */
export function decodeMessages(request: Fields): readonly Message[] {
  const turns = request.children("messages");
  // A prompt may say all that there is to say.
  if (turns.length === 0 && request.value("prompt_variables") === undefined)
    request.invalid("messages", "an array of at least one message");
  return [...decodeSystem(request, "system"), ...turns.flatMap(decodeMessage)];
}

const textsWanted = "a string or an array of text blocks";

/** Instructions: a string or blocks of text. Where there are none there is no message. */
function decodeSystem(holder: Fields, key: string): readonly Message[] {
  const value = holder.value(key);
  if (value === undefined) return [];
  if (typeof value !== "string" && !isList(value)) {
    holder.invalid(key, textsWanted);
    return [];
  }
  const parts = decodeTexts(holder, key);
  return parts.length === 0 ? [] : [{ role: "system", parts }];
}

function decodeMessage(message: Fields): readonly Message[] {
  const own = unreadFields(message.object, { role: true, content: true });
  switch (message.word("role", ["user", "assistant", "system"])) {
    case "user":
      return decodeUser(message, own);
    case "assistant":
      return [decodeAssistantTurn(message, own)];
    case "system":
      if (message.value("content") === undefined) message.invalid("content", textsWanted);
      return decodeSystem(message, "content").map((turn) => ({ ...turn, ...asExtra(own) }));
    case undefined:
      if (message.value("role") === undefined) message.invalid("role", "a string");
      return [];
  }
}

function decodeAssistantTurn(message: Fields, own: JsonObject | undefined): Message {
  const text = message.value("content");
  if (typeof text !== "string") return decodeAssistant(blocksOf(message), own);
  return { role: "assistant", parts: text === "" ? [] : [{ type: "text", text }], ...asExtra(own) };
}

function blocksOf(message: Fields): readonly Fields[] {
  if (isList(message.value("content"))) return message.children("content");
  message.invalid("content", "a string or an array of blocks");
  return [];
}

/** A part with the role of the message that it stands in. */
interface Placed {
  readonly role: Message["role"];
  readonly part: Part;
}

const emptyTurn: Message = { role: "user", parts: [] };

/** Results of tools become messages of their own, in their order; files of results stand behind the results. */
function decodeUser(message: Fields, own: JsonObject | undefined): readonly Message[] {
  const text = message.value("content");
  const placed: readonly Placed[] =
    typeof text === "string" ? [asUser({ type: "text", text })] : placedBlocks(blocksOf(message));
  const [first, ...rest] = inRuns(placed);
  return [{ ...(first ?? emptyTurn), ...asExtra(own) }, ...rest];
}

function placedBlocks(blocks: readonly Fields[]): readonly Placed[] {
  const placed: Placed[] = [];
  let files: readonly Placed[] = [];
  for (const block of blocks) {
    if (block.value("type") === "tool_result") {
      const { part, media } = decodeToolResult(block);
      placed.push({ role: "tool", part });
      files = [...files, ...media.map(asUser)];
    } else {
      placed.push(...files, ...decodeOther(block));
      files = [];
    }
  }
  return [...placed, ...files];
}

/** A block that is no result. Instructions may stand in the middle of a conversation. */
function decodeOther(block: Fields): readonly Placed[] {
  if (block.value("type") !== "mid_conv_system") return decodeBlock(block).map(asUser);
  return decodeTexts(block, "content").map((part) => ({ role: "system", part }));
}

function asUser(part: Part): Placed {
  return { role: "user", part };
}

/** Parts of one role that follow each other as one message. */
function inRuns(placed: readonly Placed[]): readonly Message[] {
  const runs: { readonly role: Message["role"]; readonly parts: Part[] }[] = [];
  for (const { role, part } of placed) {
    const last = runs.at(-1);
    if (last?.role === role) last.parts.push(part);
    else runs.push({ role, parts: [part] });
  }
  return runs;
}
