import type { GenerateRequest } from "../gemini/request.ts";

/** A request whose last turn is the beginning of the answer. */
export interface Prefilled {
  /** The request without that turn: what the answer is to. */
  readonly request: GenerateRequest;
  /** The words that the answer begins with; they are not said again. Empty where the last turn is not the model's. */
  readonly prefill: string;
}

/** Takes the beginning of the answer off a request. A turn that is more than words is a turn like any other. */
export function prefilled(request: GenerateRequest): Prefilled {
  const last = request.contents.at(-1);
  const isWords = last?.role === "model" && last.parts.every(({ text }) => text !== undefined);
  if (!isWords || request.contents.length < 2) return { request, prefill: "" };
  const words = last.parts.filter(({ thought }) => thought !== true).map(({ text }) => text);
  return { request: { ...request, contents: request.contents.slice(0, -1) }, prefill: words.join("") };
}

/** What is left of an answer behind its beginning. One that begins otherwise is said whole: another mind goes on. */
export function behindPrefill(whole: string, prefill: string): string {
  return whole.startsWith(prefill) ? whole.slice(prefill.length) : whole;
}
