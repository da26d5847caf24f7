import { closingQuote, jsonSkeleton } from "#core/kernel/json-skeleton.ts";
import { editDocument, type Edit, type SplicedBody } from "./apply-edits.ts";
import { isAtEnd, scanObject, type MemberSpan, type ObjectScan } from "./scan-object.ts";

const modelName = Buffer.from('"model"', "latin1");
const optionsName = Buffer.from('"stream_options"', "latin1");
const escapeStart = Buffer.from("\\u", "latin1");
const quote = 0x22;
const openBrace = 0x7b;

/** The member that asks for usage. */
const askingOptions = `"stream_options":{"include_usage":true}`;

/** What changes in a request that passes otherwise untouched. */
export interface ChatRequestSplice {
  /** The provider's name of the model. */
  readonly model: string;
  /** Whether to ask for usage in the stream. */
  readonly includeUsage: boolean;
}

/**
 * The body of an OpenAI chat request that was read (it is valid JSON with a text under `model`), with another top-level
 * `model` and, if wanted, with `stream_options.include_usage: true`; every other byte stays. A large body comes in
 * pieces that share its memory.
 */
export function spliceReadRequest(body: Buffer, splice: ChatRequestSplice): SplicedBody | undefined {
  const skeleton = jsonSkeleton(body);
  const edits = editsByNames(skeleton.bytes, splice) ?? editsByScan(skeleton.bytes, splice);
  return edits && editDocument(body, skeleton, edits);
}

/**
 * The same of any bytes, valid or not. Where a key stands twice, each is replaced: parsers disagree on which one counts.
 * `undefined` when the body is no object with a `model`, or its `stream_options` are neither an object nor null.
 */
export function spliceChatRequest(body: Buffer, splice: ChatRequestSplice): SplicedBody | undefined {
  const skeleton = jsonSkeleton(body);
  const edits = editsByScan(skeleton.bytes, splice);
  return edits && editDocument(body, skeleton, edits);
}

/**
 * The edits to a request that was read, found by searching for the keys' names, which makes no text of the bytes. A name
 * that stands in it once is the key that was read, as long as no other can be written with `\u`. Undefined where that
 * does not tell.
 */
function editsByNames(
  bytes: Buffer,
  { model, includeUsage }: ChatRequestSplice,
): readonly Edit[] | undefined {
  const key = bytes.indexOf(modelName);
  if (key === -1 || bytes.includes(modelName, key + 1) || bytes.includes(escapeStart)) return undefined;
  if (includeUsage && bytes.includes(optionsName)) return undefined;
  const start = bytes.indexOf(quote, key + modelName.length);
  const edit = { start, end: closingQuote(bytes, start) + 1, text: JSON.stringify(model) };
  if (!includeUsage) return [edit];
  const bodyStart = bytes.indexOf(openBrace) + 1;
  return [{ start: bodyStart, end: bodyStart, text: `${askingOptions},` }, edit];
}

function editsByScan(bytes: Buffer, splice: ChatRequestSplice): readonly Edit[] | undefined {
  const text = bytes.toString("latin1");
  const scan = scanObject(text);
  if (!scan || !isAtEnd(text, scan.end)) return undefined;
  const model = JSON.stringify(splice.model);
  const edits: Edit[] = [];
  let named = false;
  let asked = false;
  for (const member of scan.members) {
    if (member.key === "model") {
      named = true;
      edits.push({ start: member.valueStart, end: member.valueEnd, text: model });
    } else if (splice.includeUsage && member.key === "stream_options") {
      asked = true;
      const made = editsOfOptions(text, member);
      if (!made) return undefined;
      edits.push(...made);
    }
  }
  if (!named) return undefined;
  if (splice.includeUsage && !asked) edits.unshift(insertion(scan, askingOptions));
  return edits;
}

function editsOfOptions(text: string, member: MemberSpan): readonly Edit[] | undefined {
  if (text.slice(member.valueStart, member.valueEnd) === "null") {
    return [{ start: member.valueStart, end: member.valueEnd, text: `{"include_usage":true}` }];
  }
  const options = scanObject(text, member.valueStart);
  if (!options) return undefined;
  const asked = options.members.filter((option) => option.key === "include_usage");
  if (asked.length === 0) return [insertion(options, `"include_usage":true`)];
  return asked.map((option) => ({ start: option.valueStart, end: option.valueEnd, text: "true" }));
}

/** A new first member. */
function insertion(scan: ObjectScan, member: string): Edit {
  const comma = scan.members.length === 0 ? "" : ",";
  return { start: scan.bodyStart, end: scan.bodyStart, text: member + comma };
}
