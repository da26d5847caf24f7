import type { Fields } from "#core/dialects/fields.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Part, TextPart } from "#core/llm/message.ts";
import { decodeFile, decodeImage } from "./decode-media.ts";
import { asExtra, extraOf, innerFields, unreadFields } from "./extra-fields.ts";
import { shownType } from "./shown-type.ts";

/** Reads a block that either side may say: words, an image, a document. What is none of these is kept as it came. */
export function decodeBlock(block: Fields): readonly Part[] {
  const type = block.requiredText("type");
  switch (type) {
    case "text":
      return [decodeText(block)];
    case "image":
      return listed(decodeImage(block));
    case "document":
      return decodeDocument(block);
    case "search_result":
      return [decodeSearchResult(block)];
    default:
      return [{ type: "opaque", dialect: "anthropic", name: shownType(type), value: block.object }];
  }
}

function listed(part: Part | undefined): readonly Part[] {
  return part ? [part] : [];
}

/** Reads a `text` block. */
export function decodeText(block: Fields): TextPart {
  const text = block.requiredText("text");
  return { type: "text", text, ...extraOf(block.object, { type: true, text: true }) };
}

/** Reads a field that is a string or an array of `text` blocks. */
export function decodeTexts(holder: Fields, key: string): readonly TextPart[] {
  const value = holder.value(key);
  if (typeof value === "string") return [{ type: "text", text: value }];
  return holder.children(key).map((block) => {
    if (block.word("type", ["text"]) === undefined) block.invalid("type", `"text"`);
    return decodeText(block);
  });
}

/** A document of text is read to every model as words, below its title; files stay files. */
function decodeDocument(block: Fields): readonly Part[] {
  const source = block.child("source");
  switch (source?.value("type")) {
    case "text":
      return [decodeTextDocument(block, source.requiredText("data"))];
    case "content":
      return decodeBlockDocument(block, source);
    default:
      return listed(decodeFile(block));
  }
}

const headFields = { type: true, title: true, context: true } as const;

function decodeTextDocument(block: Fields, words: string): TextPart {
  const source = { type: true, media_type: true, data: true } as const;
  return {
    type: "text",
    text: paragraphs([...heading(block), words]),
    ...extraOf(block.object, { ...headFields, source }),
  };
}

/** A document that is made of blocks: text and images. */
function decodeBlockDocument(block: Fields, source: Fields): readonly Part[] {
  const title = paragraphs(heading(block));
  const inside =
    typeof source.value("content") === "string"
      ? decodeTexts(source, "content")
      : source.children("content").flatMap(decodeBlock);
  const parts: readonly Part[] = title === "" ? inside : [{ type: "text", text: title }, ...inside];
  const own = unreadFields(block.object, { ...headFields, source: { type: true, content: true } });
  return withFields(parts, own);
}

/** The parts with the fields of their document on the first of them. */
function withFields(parts: readonly Part[], fields: JsonObject | undefined): readonly Part[] {
  const [first] = parts;
  if (!fields || (first?.type !== "text" && first?.type !== "media")) return parts;
  return parts.with(0, { ...first, ...asExtra({ ...first.extra?.fields, ...fields }) });
}

function heading(block: Fields): readonly (string | undefined)[] {
  return [block.text("title"), block.text("context")];
}

/** What a search of the client's own found, as words: no other dialect has a word for it. */
function decodeSearchResult(block: Fields): TextPart {
  const found = decodeTexts(block, "content");
  const heading = [block.requiredText("title"), block.requiredText("source")];
  const known = { type: true, title: true, source: true, content: true } as const;
  return {
    type: "text",
    text: paragraphs([...heading, ...found.map(({ text }) => text)]),
    ...asExtra({ ...unreadFields(block.object, known), ...innerFields(found) }),
  };
}

function paragraphs(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n\n");
}
