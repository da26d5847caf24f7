import type { Fields } from "#core/dialects/fields.ts";
import { isList } from "#core/kernel/json.ts";

const goOn = `name the answer to go on from in "previous_response_id", or send the items of the conversation in "input"`;

/**
 * Fields that stand for what OpenAI keeps on its server and nobody here: docs/decisions/2026-11-27-responses-with-state.md.
 * Without it the model would answer another question than was asked.
 */
const keptElsewhere: Readonly<Record<string, string>> = {
  conversation: `Signalbox keeps no conversations; ${goOn}`,
  prompt: `Signalbox keeps no prompts of OpenAI's; send their text in "instructions" and "input"`,
};

const noLogprobs = "answers of this API carry no log probabilities here; /v1/chat/completions has them";

/** Refuses, in words that say what to do instead, what cannot be served and must not be left out. */
export function refuseUnserved(request: Fields): void {
  const { problems } = request;
  for (const [key, why] of Object.entries(keptElsewhere)) {
    if (request.value(key) !== undefined) problems.unsupported(request.at(key), why);
  }
  if (request.flag("background") === true) {
    problems.unsupported("background", "answers are given to the client that waits for them; leave it out");
  }
  if ((request.integer("top_logprobs") ?? 0) > 0) problems.unsupported("top_logprobs", noLogprobs);
  const include = request.value("include");
  if (include === undefined) return;
  if (!isList(include)) request.invalid("include", "an array of strings");
  else if (include.includes("message.output_text.logprobs")) problems.unsupported("include", noLogprobs);
}
