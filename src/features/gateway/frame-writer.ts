import type { AnswerContext, ServerDialect } from "#core/dialects/dialect.ts";
import { replaceTopLevelString } from "#core/dialects/splice/replace-top-level-string.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";

/** Turns an upstream's frame into the payloads that its client gets. */
export interface FrameWriter {
  frame(data: string, parts: readonly StreamPart[]): readonly string[];
  /** What a whole stream ends with. */
  end(): readonly string[];
}

/** Writes every part anew, in the client's dialect. */
export function translatingWriter(dialect: ServerDialect<unknown>, context: AnswerContext): FrameWriter {
  let state = dialect.startStream(context);
  return {
    frame(_data, parts) {
      const payloads: string[] = [];
      for (const part of parts) {
        const [next, written] = dialect.encodePart(state, part);
        state = next;
        payloads.push(...written);
      }
      return payloads;
    },
    end: () => dialect.endStream(state),
  };
}

/** The name under which each dialect's answers carry their id. */
export const idField: Readonly<Record<DialectName, string>> = { gemini: "responseId", "openai-chat": "id" };

/**
 * Passes frames as they came, but for the answer's id, which becomes the request's. Left out are the usage frame that
 * the client did not ask for, and the end mark until the stream has proven whole.
 */
export function passingWriter(dialect: DialectName, context: AnswerContext): FrameWriter {
  let endMark: string | undefined;
  const withOurId = idReplacement(idField[dialect], context.responseId);
  return {
    frame(data, parts) {
      if (parts.some(isEnd)) {
        endMark = data;
        return [];
      }
      if (!context.includeUsage && isUsageOnly(parts)) return [];
      return [withOurId(inOneLine(data))];
    },
    end: () => (endMark === undefined ? [] : [endMark]),
  };
}

/**
 * Puts our id in place of the upstream's. The first frame is searched by JSON's grammar; as long as the member stands
 * in the following ones in the same writing, and once, it is found by that.
 */
function idReplacement(field: string, ourId: string): (frame: string) => string {
  let theirs: string | undefined;
  let unquoted = "";
  let ours = "";
  return (frame) => {
    if (theirs !== undefined) {
      const at = frame.indexOf(theirs);
      // A second one is sought without its first quote: of quotes JSON is full, and each would be looked at.
      if (at !== -1 && frame.indexOf(unquoted, at + 2) === -1)
        return frame.slice(0, at) + ours + frame.slice(at + theirs.length);
    }
    const replaced = replaceTopLevelString({ text: frame }, field, ourId);
    const key = `${JSON.stringify(field)}:`;
    const written = key + JSON.stringify(ourId);
    const at = replaced.indexOf(written);
    if (at !== -1 && replaced !== frame) {
      // What stood there before: the frames differ in nothing but this member's value.
      theirs = frame.slice(at, frame.length - (replaced.length - at - written.length));
      unquoted = theirs.slice(1);
      ours = written;
    }
    return replaced;
  };
}

/** JSON spread over several `data:` lines, in one: line ends stand between its tokens only, and some clients read a line. */
function inOneLine(json: string): string {
  return json.replaceAll("\n", " ");
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
