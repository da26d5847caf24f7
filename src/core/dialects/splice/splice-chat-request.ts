import { jsonSkeleton } from "#core/kernel/json-skeleton.ts";
import { editDocument, type Edit } from "./apply-edits.ts";
import { isAtEnd, scanObject, type MemberSpan, type ObjectScan } from "./scan-object.ts";

/** What changes in a request that passes otherwise untouched. */
export interface ChatRequestSplice {
  /** The provider's name of the model. */
  readonly model: string;
  /** Whether to ask for usage in the stream. */
  readonly includeUsage: boolean;
}

/**
 * The body of an OpenAI chat request, in pieces that share its memory, with another top-level `model` and, if wanted, with
 * `stream_options.include_usage: true`; every other byte stays. Where a key stands twice, each is replaced: parsers
 * disagree on which one counts.
 * `undefined` when the body is no object with a `model`, or its `stream_options` are neither an object nor null.
 */
export function spliceChatRequest(body: Buffer, splice: ChatRequestSplice): readonly Buffer[] | undefined {
  const skeleton = jsonSkeleton(body);
  const text = skeleton.bytes.toString("latin1");
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
  if (splice.includeUsage && !asked)
    edits.unshift(insertion(scan, `"stream_options":{"include_usage":true}`));
  return editDocument(body, skeleton, edits);
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
