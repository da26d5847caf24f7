import type { Message, Part } from "#core/llm/message.ts";
import type { ExperimentChoice } from "#core/routing/experiment-choice.ts";
import type { Asked } from "#features/gateway/asked.ts";
import { bodyUser, endsOf } from "#features/gateway/request-unit.ts";

/**
 * What tells a question from others, as a text to be hidden: the unit that an experiment assigned, whom or what the client names,
 * how many turns of the user there are, and the last of them. The same question twice is somebody who asks for another answer.
 * @returns undefined where it is none: nobody is named whom it could be of, or the last turn is a tool's
 */
export function askedQuestion(
  { arrival, request }: Pick<Asked, "arrival" | "request">,
  choice: ExperimentChoice | undefined,
): string | undefined {
  if (!choice || "outside" in choice || !choice.unit.stable) return undefined;
  const asker = arrival.conversation ?? arrival.unit ?? bodyUser(request) ?? arrival.session;
  const last = request?.messages.at(-1);
  if (!request || asker === undefined || last?.role !== "user") return undefined;
  const turns = request.messages.filter(({ role }) => role === "user").length;
  const { name, phase, variant, unit } = choice;
  return JSON.stringify([name, phase, variant, unit.name, asker, turns, turnText(last)]);
}

/** The words of a turn, and how large what is no text is. */
function turnText({ parts }: Message): readonly string[] {
  return parts.map((part) => (part.type === "text" ? endsOf(part.text) : `${part.type} ${sizeOf(part)}`));
}

function sizeOf(part: Part): number {
  return part.type === "media" && part.source.type === "inline" ? part.source.base64.length : 0;
}
