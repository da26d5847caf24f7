import type { Random } from "../random.ts";
import type { Answer, AnswerItem, AnswerStep } from "./answer.ts";
import { callTokens } from "./answer.ts";

/** How a stream is cut into frames. */
export interface Framing {
  /** Tokens per frame, both ends included. */
  readonly tokensMin: number;
  readonly tokensMax: number;
  /** Output token counts at which a frame must end, so that a fault can strike exactly there. */
  readonly breaks: readonly number[];
}

/** Cuts answers into the steps of a stream: candidate after candidate, text in frames, each call whole. */
export function* answerSteps(
  answers: readonly Answer[],
  framing: Framing,
  random: Random,
): Generator<AnswerStep> {
  let outputTokens = 0;
  for (const [candidate, answer] of answers.entries()) {
    const before = outputTokens;
    const slices = answer.items.flatMap((item) => itemSlices(item, { ...framing, before }, random));
    let textBytes = 0;
    let calls = 0;
    for (const item of slices) {
      if (item.kind === "text") textBytes += Buffer.byteLength(item.text);
      if (item.kind === "call") calls += callTokens(item);
      outputTokens = before + Math.ceil(textBytes / 4) + calls;
      if (item !== slices.at(-1)) yield { candidate, item, outputTokens };
    }
    const item = slices.at(-1);
    yield { candidate, ...(item === undefined ? {} : { item }), outputTokens, finish: finishOf(answer) };
  }
}

function finishOf(answer: Answer): NonNullable<AnswerStep["finish"]> {
  const { finishReason, finishMessage, continuesAt } = answer;
  return {
    ...(finishReason === undefined ? {} : { finishReason }),
    ...(finishMessage === undefined ? {} : { finishMessage }),
    ...(continuesAt === undefined ? {} : { continuesAt }),
  };
}

function itemSlices(
  item: AnswerItem,
  framing: Framing & { readonly before: number },
  random: Random,
): AnswerItem[] {
  if (item.kind === "call") return [item];
  const breaks = item.kind === "text" ? framing.breaks.map((at) => at - framing.before) : [];
  const slices: AnswerItem[] = textSlices(item.text, { ...framing, breaks }, random).map((text) => ({
    kind: item.kind,
    text,
  }));
  // Gemini 3 and later send a text's signature in a last, empty text part.
  if (item.kind === "text" && item.signature !== undefined) {
    slices.push({ kind: "text", text: "", signature: item.signature });
  }
  return slices;
}

function textSlices(text: string, { tokensMin, tokensMax, breaks }: Framing, random: Random): string[] {
  const slices: string[] = [];
  let at = 0;
  let bytes = 0;
  while (at < text.length) {
    const tokens = Math.ceil(bytes / 4);
    const nextBreak = breaks
      .filter((point) => point > tokens)
      .reduce((least, point) => Math.min(least, point), Infinity);
    const wanted = Math.min(random.integer(tokensMin, tokensMax), nextBreak - tokens);
    const slice = sliceOfTokens(text, at, wanted);
    slices.push(slice);
    at += slice.length;
    bytes += Buffer.byteLength(slice);
  }
  return slices;
}

/** The longest piece from a position on that costs no more than the tokens, but at least one whole character. */
export function sliceOfTokens(text: string, start: number, tokens: number): string {
  let end = start;
  let bytes = 0;
  while (end < text.length) {
    const point = text.codePointAt(end) ?? 0;
    bytes += utf8Bytes(point);
    if (bytes > tokens * 4 && end > start) break;
    end += point > 0xffff ? 2 : 1;
  }
  return text.slice(start, end);
}

function utf8Bytes(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
