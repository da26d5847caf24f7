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
  return {
    frame(data, parts) {
      if (parts.some((part) => part.type === "end")) {
        endMark = data;
        return [];
      }
      if (!context.includeUsage && isUsageOnly(parts)) return [];
      return [replaceTopLevelString(inOneLine(data), idField[dialect], context.responseId)];
    },
    end: () => (endMark === undefined ? [] : [endMark]),
  };
}

/** JSON spread over several `data:` lines, in one: line ends stand between its tokens only, and some clients read a line. */
function inOneLine(json: string): string {
  return json.replaceAll("\n", " ");
}

function isUsageOnly(parts: readonly StreamPart[]): boolean {
  const telling = parts.filter((part) => part.type !== "response-start");
  return telling.length > 0 && telling.every((part) => part.type === "usage");
}
