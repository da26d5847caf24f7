/** Tool calls of a candidate below which their numbers never meet those of the next candidate. */
const callsPerCandidate = 128;

/**
 * The id of a tool call that came without one: `call_`, the answer's id without its hyphens, the call's number. Unique
 * in a conversation, because the answer's id is; the same each time it is asked for; at most 40 characters (OpenAI's
 * own limit) for a UUID and fewer than a thousand calls.
 */
export function toolCallId(call: {
  readonly responseId: string;
  readonly candidate: number;
  readonly toolCall: number;
}): string {
  const number = call.candidate * callsPerCandidate + call.toolCall;
  return `call_${call.responseId.replaceAll("-", "")}${number}`;
}
