import type { StreamPart, TextDelta, ThinkingDelta } from "#core/llm/stream-part.ts";
import { thoughtTag } from "./google-extension.ts";

/**
 * How the frames look that bring one more piece of text and nothing else: nearly all frames of a stream are the same
 * but for that piece. One of them is read; the others are known by their look, for a tenth of the time.
 */
export interface FrameLook {
  /** What stands before the piece, its opening quote included. */
  readonly before: string;
  /** What stands behind it, its closing quote included. */
  readonly after: string;
  readonly type: (TextDelta | ThinkingDelta)["type"];
  readonly candidate: number;
}

/** What a frame brings that has one of these looks; undefined where it has none, or its piece is not that plain. */
export function readByLook(looks: readonly FrameLook[], data: string): StreamPart | undefined {
  for (const { before, after, type, candidate } of looks) {
    const end = data.length - after.length;
    // Without any text there is no part.
    if (end <= before.length || !isFramed(data, before, after)) continue;
    const text = unescaped(data.slice(before.length, end));
    if (text === undefined || (type === "thinking-delta" && text.startsWith(thoughtTag))) return undefined;
    return { type, candidate, text };
  }
  return undefined;
}

/** Compared as slices, which is faster than `startsWith` and `endsWith` (Node 26.10, measured 2026-11-25). */
function isFramed(data: string, before: string, after: string): boolean {
  return data.slice(0, before.length) === before && data.slice(data.length - after.length) === after;
}

/**
 * The look of a frame that was read as these parts and changed nothing of the state.
 * @param read reads another frame as that one was read: it is tried that the piece stands where it seems to
 */
export function lookOf(
  data: string,
  parts: readonly StreamPart[],
  read: (data: string) => readonly StreamPart[],
): FrameLook | undefined {
  const [part] = parts;
  if (parts.length !== 1 || (part?.type !== "text-delta" && part?.type !== "thinking-delta"))
    return undefined;
  const { type, candidate, text, thoughtSignature } = part;
  const written = JSON.stringify(text);
  const at = data.indexOf(written);
  if (at === -1 || thoughtSignature !== undefined) return undefined;
  const before = data.slice(0, at + 1);
  const after = data.slice(at + written.length - 1);
  const [tried] = read(before + probe + after);
  if (tried?.type !== type || tried.text !== probe) return undefined;
  return { before, after, type, candidate };
}

/** A text that an upstream does not write by chance. */
const probe = "\u2400 signalbox \u2400";

/** What may stand in a JSON string as it is: all but quotes, backslashes and control characters (RFC 8259, 7). */
const plainText = /^[ !#-[\]-\uFFFF]*$/;

/** The text that a JSON string stands for, its quotes left out; undefined when it is none. */
function unescaped(written: string): string | undefined {
  if (plainText.test(written)) return written;
  try {
    const text: unknown = JSON.parse(`"${written}"`);
    return typeof text === "string" ? text : undefined;
  } catch {
    // A quote of its own is an answer here: the frame has another look.
    return undefined;
  }
}
