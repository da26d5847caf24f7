import type { Message, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";

/** The id of each call and of the call that each result answers; results without a call are absent. */
export type ToolCallIds = ReadonlyMap<ToolCallPart | ToolResultPart, string>;

interface OpenCall {
  readonly id: string;
  readonly name: string;
}

/**
 * Gives every tool call of a conversation an id, and every result that of its call. Ids that are there stay. Results
 * without one (Gemini's, as a rule) answer the first open call of their name, else the first open call at all.
 * Made-up ids count the calls of the conversation, so that a longer conversation keeps those it had.
 */
export function pairToolCalls(messages: readonly Message[]): ToolCallIds {
  if (!messages.some(hasCallsOrResults)) return noIds;
  const taken = takenIds(messages);
  const ids = new Map<ToolCallPart | ToolResultPart, string>();
  const open: OpenCall[] = [];
  let calls = 0;
  for (const part of messages.flatMap((message) => message.parts)) {
    if (part.type === "tool-call") {
      const id = part.id || freeId(calls, taken);
      calls++;
      ids.set(part, id);
      open.push({ id, name: part.name });
    } else if (part.type === "tool-result") {
      const index = answeredCall(open, part);
      const id = part.callId ?? open[index]?.id;
      if (id !== undefined) ids.set(part, id);
      if (index !== -1) open.splice(index, 1);
    }
  }
  return ids;
}

const noIds: ToolCallIds = new Map();

function hasCallsOrResults({ parts }: Message): boolean {
  return parts.some(({ type }) => type === "tool-call" || type === "tool-result");
}

function answeredCall(open: readonly OpenCall[], result: ToolResultPart): number {
  if (result.callId !== undefined) return open.findIndex((call) => call.id === result.callId);
  const byName = open.findIndex((call) => call.name === result.name);
  return byName !== -1 || result.name !== undefined || open.length === 0 ? byName : 0;
}

function takenIds(messages: readonly Message[]): ReadonlySet<string> {
  const parts = messages.flatMap((message) => message.parts);
  return new Set(parts.flatMap((part) => (part.type === "tool-call" && part.id ? [part.id] : [])));
}

function freeId(number: number, taken: ReadonlySet<string>): string {
  let id = `call_${number}`;
  // Ends: each round makes a longer id, and the taken ones are finite.
  while (taken.has(id)) id += "_";
  return id;
}
