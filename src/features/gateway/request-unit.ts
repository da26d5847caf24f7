import type { Message } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { FoundUnit } from "#core/routing/experiment-unit.ts";
import type { ExperimentUnit } from "#core/routing/experiment.ts";
import type { Asked } from "#features/gateway/asked.ts";
import type { RequestUnit } from "#features/traffic/index.ts";

/** A unit by its own name: a pseudonym takes the name's place before anything is kept. */
export interface NamedUnit {
  readonly name: string;
  readonly source: RequestUnit["source"];
}

/**
 * Characters of a longer text's beginning and end that tell conversations apart, with its length. Up to twice as many are
 * looked at whole: prompts of one template differ in the middle, where a name or a number of always the same length stands.
 */
const endLength = 2_048;
/** The most of all texts together. */
const turnsLengthMax = 16_384;

/**
 * Whom or what a request is for: what the header `x-signalbox-unit` says, else the body's user, else the conversation
 * by its first turns (which every later request of it repeats), else the request alone.
 * @param request absent for requests that are no conversation
 */
export function requestUnit(known: {
  readonly header: string | undefined;
  readonly request: ChatRequest | undefined;
  readonly requestId: string;
}): NamedUnit {
  const { header, request, requestId } = known;
  if (header !== undefined) return { name: header, source: "header" };
  const user = bodyUser(request);
  if (user !== undefined) return { name: user, source: "user" };
  const turns = conversationKey(undefined, request);
  if (turns !== undefined) return { name: turns, source: "conversation" };
  return { name: requestId, source: "request" };
}

/**
 * The unit of a request for an experiment that randomises by such: the user (of the header `x-signalbox-unit`, else of the
 * body), the session of the header `x-signalbox-session`, the conversation, or the value of a tag. Where the request has no
 * such thing, it stands for itself alone.
 */
export function experimentUnit(by: ExperimentUnit, asked: Pick<Asked, "arrival" | "request">): FoundUnit {
  // Conversations are hidden as feedback about them hides them, all else as the units that it is.
  const kind = by === "conversation" ? "conversation" : "unit";
  const name = unitName(by, asked);
  if (name !== undefined && name !== "") return { name, kind, stable: true };
  return { name: asked.arrival.requestId, kind, stable: false };
}

function unitName(
  by: ExperimentUnit,
  { arrival, request }: Pick<Asked, "arrival" | "request">,
): string | undefined {
  switch (by) {
    case "user":
      return arrival.unit ?? bodyUser(request);
    case "session":
      return arrival.session;
    case "conversation":
      return conversationKey(arrival.conversation, request);
    default:
      return Object.hasOwn(arrival.tags, by.tag) ? arrival.tags[by.tag] : undefined;
  }
}

/** The user that the body names; undefined where it names none. */
export function bodyUser(request: ChatRequest | undefined): string | undefined {
  const user = request?.user ?? request?.metadata?.["user_id"];
  return user === "" ? undefined : user;
}

/**
 * What tells a conversation from others: what the client says, else its first turns.
 * @returns undefined where it is none
 */
export function conversationKey(
  said: string | undefined,
  request: ChatRequest | undefined,
): string | undefined {
  if (said !== undefined) return said;
  const turns = request ? conversationTurns(request.messages) : "";
  return turns === "" ? undefined : turns;
}

/** The texts up to and with the user's first turn, their roles between them: what every later request of a conversation repeats. */
function conversationTurns(messages: readonly Message[]): string {
  let text = "";
  for (const { role, parts } of messages) {
    text += `\n${role}\n`;
    for (const part of parts) {
      if (part.type === "text") text += endsOf(part.text);
      if (text.length >= turnsLengthMax) return text;
    }
    if (role === "user") return text;
  }
  return "";
}

/** A text, or of a long one what tells it from others: beginning, length and end. */
export function endsOf(text: string): string {
  if (text.length <= 2 * endLength) return text;
  return `${text.slice(0, endLength)}\n${text.length}\n${text.slice(-endLength)}`;
}
