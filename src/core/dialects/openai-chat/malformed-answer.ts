import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** An answer that is not what the protocol says. `wanted` and `actual` are phrases without any content. */
export function malformedAnswer(wanted: string, actual: string): UpstreamFailure {
  return {
    kind: "malformed-answer",
    message: `Cannot read the upstream's answer: wanted ${wanted}, got ${actual}`,
  };
}
