import type { AnswerContext, Dialect, ErrorForClient, ServerDialect } from "#core/dialects/dialect.ts";
import { replaceTopLevelString } from "#core/dialects/splice/replace-top-level-string.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";

/** Turns an upstream's frame into the payloads that its client gets. */
export interface FrameWriter {
  frame(data: string, parts: readonly StreamPart[]): readonly string[];
  /**
   * A writer that goes on with frames written anew, where those before passed; absent where all are written anew.
   *
   * @param model what to call the model
   */
  anew?(model: string | undefined): FrameWriter;
  /** What a whole stream ends with. */
  end(): readonly string[];
  /** The payload that tells the client of a stream that broke. */
  error(error: ErrorForClient): string;
}

/** Writes every part anew, in the client's dialect. */
export function translatingWriter(dialect: ServerDialect<unknown>, context: AnswerContext): FrameWriter {
  let state = dialect.startStream(context);
  return {
    frame(_data, parts) {
      const payloads: string[] = [];
      for (const part of dialect.beginsWithUsage ? usageFirst(parts) : parts) {
        const [next, written] = dialect.encodePart(state, part);
        state = next;
        payloads.push(...written);
      }
      return payloads;
    },
    end: () => dialect.endStream(state),
    error: (error) => dialect.encodeErrorFrame(error, state),
  };
}

/**
 * Passes frames as they came, but for the answer's id, which becomes the request's. Left out are the usage frame that
 * the client did not ask for, and the end mark: it is written when the stream has proven whole, whether or not it came.
 */
export function passingWriter(
  { passing, server }: Pick<Dialect, "passing" | "server">,
  context: AnswerContext,
): FrameWriter {
  const withOurId = idReplacement(passing.idField, context.responseId);
  return {
    frame(data, parts) {
      if (parts.some(isEnd)) return [];
      if (!context.includeUsage && isUsageOnly(parts)) return [];
      return [withOurId(inOneLine(data))];
    },
    anew: (model) => translatingWriter(server, { ...context, model: model ?? context.model }),
    end: () => passing.endMarks,
    error: (error) => server.encodeErrorFrame(error),
  };
}

/**
 * Puts our id in place of the upstream's. The first frame is searched by JSON's grammar; as long as the member stands
 * in the following ones in the same writing, once, and behind or before the same text, it is found by that: what stands
 * on one side of it is as deep as on the other.
 */
function idReplacement(field: string, ourId: string): (frame: string) => string {
  const ours = `${JSON.stringify(field)}:${JSON.stringify(ourId)}`;
  let known: Found | undefined;
  return (frame) => {
    if (known) {
      const at = placeIn(frame, known);
      if (at !== -1) return frame.slice(0, at) + ours + frame.slice(at + known.theirs.length);
    }
    const replaced = replaceTopLevelString({ text: frame }, field, ourId);
    if (replaced !== frame) known = foundIn(frame, replaced, ours) ?? known;
    return replaced;
  };
}

/** The member with the upstream's id, and what stood on both sides of it. */
interface Found {
  readonly theirs: string;
  /** The same without its first quote: of quotes JSON is full, and a search looks at each. */
  readonly unquoted: string;
  readonly before: string;
  readonly after: string;
}

function placeIn(frame: string, { theirs, unquoted, before, after }: Found): number {
  const at = frame.indexOf(theirs);
  if (at === -1 || frame.indexOf(unquoted, at + 2) !== -1) return -1;
  if (at === before.length && frame.startsWith(before)) return at;
  // Behind a backslash a key goes on that ends in the same letters.
  const isLast = at + theirs.length + after.length === frame.length && frame[at - 1] !== "\\";
  return isLast && frame.endsWith(after) ? at : -1;
}

/** What stood in a frame where ours stands now; undefined where that is not all in which the two differ. */
function foundIn(frame: string, replaced: string, ours: string): Found | undefined {
  const at = replaced.indexOf(ours);
  if (at === -1) return undefined;
  const before = replaced.slice(0, at);
  const after = replaced.slice(at + ours.length);
  const theirs = frame.slice(at, frame.length - after.length);
  // Where the key stands twice, both were replaced.
  if (before + theirs + after !== frame) return undefined;
  return { theirs, unquoted: theirs.slice(1), before, after };
}

/** JSON spread over several `data:` lines, in one: line ends stand between its tokens only, and some clients read a line. */
function inOneLine(json: string): string {
  return json.replaceAll("\n", " ");
}

function usageFirst(parts: readonly StreamPart[]): readonly StreamPart[] {
  return [...parts.filter(isUsage), ...parts.filter((part) => !isUsage(part))];
}

function isUsage({ type }: StreamPart): boolean {
  return type === "usage";
}

function isEnd({ type }: StreamPart): boolean {
  return type === "end";
}

function isUsageOnly(parts: readonly StreamPart[]): boolean {
  let hasUsage = false;
  for (const { type } of parts) {
    if (type === "usage") hasUsage = true;
    else if (type !== "response-start") return false;
  }
  return hasUsage;
}
