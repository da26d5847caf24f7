import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message, Part } from "#core/llm/message.ts";
import type { Extra } from "#core/llm/extra.ts";
import { resultRuns } from "./decode-contents.ts";
import { encodePart } from "./encode-part.ts";
import type { Notes } from "./notes.ts";
import { withSignatures } from "./thought-signatures.ts";
import { withExtra } from "./extra-fields.ts";

/** The conversation as Gemini takes it. */
export interface EncodedContents {
  readonly systemInstruction?: JsonObject;
  readonly contents: readonly JsonObject[];
}

/** One turn on its way. */
interface Turn {
  readonly role: "user" | "model";
  readonly isResults: boolean;
  readonly parts: readonly JsonObject[];
  readonly extra: Extra | undefined;
}

/**
 * Writes the messages. System messages go into `systemInstruction`; tool results in a row become one turn, which holds
 * nothing else, as Gemini demands.
 */
export function encodeContents(
  messages: readonly Message[],
  model: UpstreamModel,
  notes: Notes,
): EncodedContents {
  const toolNames = toolNamesOf(messages);
  const system: Turn[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const written = encodeMessage(message, { path: `messages[${index}]`, model, notes, toolNames });
    if (message.role !== "system") turns.push(...written);
    else {
      if (turns.length > 0) notes.warn(movedSystem(`messages[${index}]`, "to the beginning"));
      system.push(...written);
    }
  }
  return arrange(system, turns, { model, notes });
}

function arrange(
  system: readonly Turn[],
  turns: readonly Turn[],
  { model, notes }: { readonly model: UpstreamModel; readonly notes: Notes },
): EncodedContents {
  if (turns.at(-1)?.role === "model" && !model.acceptsPrefill) {
    notes.unsupported(
      "messages",
      `${model.id} does not continue a turn of its own; the last one must be the user's`,
    );
  }
  if (turns.length > 0) {
    const instruction = merged(system);
    return {
      ...(instruction && { systemInstruction: withExtra({ parts: instruction.parts }, instruction.extra) }),
      contents: mergedResults(turns).map(content),
    };
  }
  if (system.length === 0) notes.invalid("messages", "wanted at least one message with content, got none");
  else notes.warn(movedSystem("messages", "into a turn of the user, since there is no other"));
  return { contents: system.map(content) };
}

function movedSystem(field: string, where: string) {
  return {
    code: "moved-system-message",
    field,
    message: `Gemini has one system instruction; a system message was moved ${where}`,
  };
}

interface MessageContext {
  readonly path: string;
  readonly model: UpstreamModel;
  readonly notes: Notes;
  readonly toolNames: ReadonlyMap<string, string>;
}

function encodeMessage(message: Message, context: MessageContext): readonly Turn[] {
  const { path, notes } = context;
  notes.foreign(message.extra, path);
  if (message.name !== undefined) notes.dropped(`${path}.name`, "Gemini has no names of participants");
  const role = message.role === "assistant" ? "model" : "user";
  const runs = role === "model" ? [message.parts] : resultRuns(message.parts);
  const turns = runs.flatMap((run, index) => {
    const parts = encodeRun(run, context, indexBefore(runs, index));
    const extra = index === 0 ? message.extra : undefined;
    return parts.length === 0
      ? []
      : [{ role, isResults: run[0]?.type === "tool-result", parts, extra } as const];
  });
  if (turns.length === 0) notes.dropped(path, "it is empty, which Gemini does not take");
  return turns;
}

function encodeRun(run: readonly Part[], context: MessageContext, offset: number): readonly JsonObject[] {
  const { path, notes, model, toolNames } = context;
  const signed = model.needsThoughtSignatures ? withSignatures(run, path, notes) : run;
  return signed.flatMap((part, index) => {
    const written = encodePart(part, { path: `${path}.content[${offset + index}]`, notes, toolNames });
    return written ? [written] : [];
  });
}

function indexBefore(runs: readonly (readonly Part[])[], index: number): number {
  return runs.slice(0, index).reduce((sum, run) => sum + run.length, 0);
}

function content({ role, parts, extra }: Turn): JsonObject {
  return withExtra({ role, parts }, extra);
}

/** Turns of tool results in a row as one. */
function mergedResults(turns: readonly Turn[]): readonly Turn[] {
  const result: Turn[] = [];
  for (const turn of turns) {
    const last = result.at(-1);
    const joined = last?.isResults && turn.isResults ? merged([last, turn]) : undefined;
    if (joined) result.splice(-1, 1, joined);
    else result.push(turn);
  }
  return result;
}

function merged(turns: readonly Turn[]): Turn | undefined {
  const [first] = turns;
  if (!first) return undefined;
  const fields = Object.assign(
    {},
    ...turns.map(({ extra }) => (extra?.dialect === "gemini" ? extra.fields : {})),
  );
  return { ...first, parts: turns.flatMap(({ parts }) => parts), extra: { dialect: "gemini", fields } };
}

function toolNamesOf(messages: readonly Message[]): ReadonlyMap<string, string> {
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === "tool-call"));
  return new Map(calls.flatMap(({ id, name }) => (id === undefined ? [] : [[id, name] as const])));
}
