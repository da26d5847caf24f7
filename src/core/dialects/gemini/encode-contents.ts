import type { UpstreamModel } from "#core/dialects/dialect.ts";
import { insertedSignature, withSignature } from "#core/dialects/thought-signatures.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message, Part } from "#core/llm/message.ts";
import type { Extra } from "#core/llm/extra.ts";
import { presentItems } from "#core/kernel/present.ts";
import { resultRuns } from "./decode-contents.ts";
import { encodePart, messagePath } from "./encode-part.ts";
import type { Notes } from "./notes.ts";
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
  const context = { model, notes, toolNames: toolNamesOf(messages) };
  const system: Turn[] = [];
  const turns: Turn[] = [];
  messages.forEach((message, index) => {
    addTurns(message, index, context, message.role === "system" ? system : turns);
    if (message.role === "system" && turns.length > 0) {
      notes.warn(movedSystem(messagePath(index), "to the beginning"));
    }
  });
  return arrange(system, turns, context);
}

function arrange(
  system: readonly Turn[],
  turns: readonly Turn[],
  { model, notes }: Context,
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

interface Context {
  readonly model: UpstreamModel;
  readonly notes: Notes;
  readonly toolNames: ReadonlyMap<string, string>;
}

/** Adds what a message becomes to `turns`: one turn as a rule, several where results stand among other parts. */
function addTurns(message: Message, messageIndex: number, context: Context, turns: Turn[]): void {
  const { notes } = context;
  const before = turns.length;
  if (message.extra) notes.foreign(message.extra, messagePath(messageIndex));
  if (message.name !== undefined) {
    notes.dropped(`${messagePath(messageIndex)}.name`, "Gemini has no names of participants");
  }
  const role = message.role === "assistant" ? "model" : "user";
  let offset = 0;
  for (const run of role === "model" ? [message.parts] : resultRuns(message.parts)) {
    const parts = encodeRun(run, { messageIndex, offset }, context);
    const extra = offset === 0 ? message.extra : undefined;
    if (parts.length > 0) turns.push({ role, isResults: run[0]?.type === "tool-result", parts, extra });
    offset += run.length;
  }
  if (turns.length === before) {
    notes.dropped(messagePath(messageIndex), "it is empty, which Gemini does not take");
  }
}

/** @param place the message, and how many parts of it stand before the run */
function encodeRun(
  run: readonly Part[],
  place: { readonly messageIndex: number; readonly offset: number },
  { notes, model, toolNames }: Context,
): readonly JsonObject[] {
  const { messageIndex, offset } = place;
  const signed = model.needsThoughtSignatures
    ? withSignature(run, (at) => notes.warn(insertedSignature(`${messagePath(messageIndex)}.content[${at}]`)))
    : run;
  const written = signed.map((part, index) =>
    encodePart(part, { messageIndex, partIndex: offset + index, notes, toolNames }),
  );
  return presentItems(written);
}

function content({ role, parts, extra }: Turn): JsonObject {
  return withExtra({ role, parts }, extra);
}

/** Turns of tool results in a row as one. */
function mergedResults(turns: readonly Turn[]): readonly Turn[] {
  if (!turns.some(({ isResults }) => isResults)) return turns;
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
  const [first, second] = turns;
  if (!first || !second) return first;
  const fields = Object.assign(
    {},
    ...turns.map(({ extra }) => (extra?.dialect === "gemini" ? extra.fields : {})),
  );
  return { ...first, parts: turns.flatMap(({ parts }) => parts), extra: { dialect: "gemini", fields } };
}

function toolNamesOf(messages: readonly Message[]): ReadonlyMap<string, string> {
  let names: Map<string, string> | undefined;
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type === "tool-call" && part.id !== undefined) (names ??= new Map()).set(part.id, part.name);
    }
  }
  return names ?? noNames;
}

const noNames: ReadonlyMap<string, string> = new Map();
