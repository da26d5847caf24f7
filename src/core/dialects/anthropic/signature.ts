/**
 * What a signature proves. Anthropic's protocol has a place for one on `thinking` blocks only, and its clients send those
 * back as they came. Gemini signs tool calls: such a signature travels on the thinking block before the call, on an empty
 * one where the model told no thoughts.
 */
type Signed = "thinking" | "tool-call";

const marks: Readonly<Record<Signed, string>> = {
  thinking: "signalbox.thinking.",
  "tool-call": "signalbox.tool-call.",
};

/** A signature as a `thinking` block carries it. */
export function writeSignature(of: Signed, signature: string): string {
  return marks[of] + signature;
}

/**
 * Reads a signature that `writeSignature` wrote. Undefined for any other: those of Anthropic's own models, in
 * conversations that began there, mean nothing to other models, which refuse a request that shows them.
 */
export function readSignature(
  written: string,
): { readonly of: Signed; readonly signature: string } | undefined {
  for (const signed of ["thinking", "tool-call"] as const) {
    const mark = marks[signed];
    if (written.startsWith(mark)) return { of: signed, signature: written.slice(mark.length) };
  }
  return undefined;
}
