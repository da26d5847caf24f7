/** What a judge is given to judge: one answer, or two. */
export type JudgedMaterial =
  | { readonly kind: "one"; readonly conversation: string; readonly answer: string }
  | { readonly kind: "two"; readonly conversation: string; readonly a: string; readonly b: string };

/**
 * Reads what is to be judged: pieces between lines `===== NAME` and `===== END OF NAME`, of which CONVERSATION and either ANSWER
 * or ANSWER A and ANSWER B are wanted. Undefined for any other prompt.
 */
export function judgedMaterial(prompt: string): JudgedMaterial | undefined {
  const [conversation, answer, a, b] = ["CONVERSATION", "ANSWER", "ANSWER A", "ANSWER B"].map((name) =>
    pieceOf(prompt, name),
  );
  if (conversation === undefined) return undefined;
  if (answer !== undefined) return { kind: "one", conversation, answer };
  return a !== undefined && b !== undefined ? { kind: "two", conversation, a, b } : undefined;
}

function pieceOf(prompt: string, name: string): string | undefined {
  const begin = `===== ${name}\n`;
  const from = prompt.startsWith(begin) ? 0 : prompt.indexOf(`\n${begin}`) + 1;
  if (from === 0 && !prompt.startsWith(begin)) return undefined;
  // The last one: an answer may write such a line itself.
  const end = prompt.lastIndexOf(`\n===== END OF ${name}`);
  const start = from + begin.length;
  return end < start - 1 ? undefined : prompt.slice(start, Math.max(start, end));
}
