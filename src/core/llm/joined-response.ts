import { present } from "#core/kernel/present.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Part } from "#core/llm/message.ts";
import type { Candidate, ChatResponse, Finish } from "#core/llm/response.ts";
import { sumOfUsage, type Usage } from "#core/llm/usage.ts";

/**
 * Two pieces of one answer as the whole: parts behind each other, words that were parted put together, the tokens of
 * both calls. Why it ended is for the second to say; of fields that both have, the second's count.
 */
export function joinedResponse(before: ChatResponse, rest: ChatResponse): ChatResponse {
  const indexes = new Set([...before.candidates, ...rest.candidates].map(({ index }) => index));
  const ending: Finish | undefined = rest.blocked && { reason: "content-filter", raw: rest.blocked.raw };
  return {
    ...present({
      id: before.id ?? rest.id,
      model: before.model ?? rest.model,
      createdSeconds: before.createdSeconds ?? rest.createdSeconds,
      usage: joinedUsage(before.usage, rest.usage),
      extra: joinedExtra(before.extra, rest.extra),
    }),
    candidates: [...indexes].map((index) =>
      joinedCandidate(index, candidateOf(before, index), candidateOf(rest, index), ending),
    ),
  };
}

/** The tokens of both; where one is not known, the other's. */
export function joinedUsage(before: Usage | undefined, rest: Usage | undefined): Usage | undefined {
  return before && rest ? sumOfUsage(before, rest) : (before ?? rest);
}

function candidateOf({ candidates }: ChatResponse, index: number): Candidate | undefined {
  return candidates.find((candidate) => candidate.index === index);
}

function joinedCandidate(
  index: number,
  before: Candidate | undefined,
  rest: Candidate | undefined,
  ending: Finish | undefined,
): Candidate {
  const parts = joinedParts(before?.parts ?? [], rest?.parts ?? []);
  const finish = ending ?? rest?.finish ?? before?.finish;
  return {
    index,
    parts,
    ...present({
      finish: finish && finishOf(finish, parts),
      logprobs: joinedLogprobs(before, rest),
      extra: joinedExtra(before?.extra, rest?.extra),
    }),
  };
}

/** Of both pieces; those of one alone would seem to be of the first words. */
function joinedLogprobs(before: Candidate | undefined, rest: Candidate | undefined): Candidate["logprobs"] {
  if (!before || !rest) return (before ?? rest)?.logprobs;
  return before.logprobs && rest.logprobs ? [...before.logprobs, ...rest.logprobs] : undefined;
}

/** The calls may stand in the first piece. */
function finishOf(finish: Finish, parts: readonly Part[]): Finish {
  const hasToolCalls = parts.some(({ type }) => type === "tool-call");
  return finish.reason === "stop" && hasToolCalls ? { ...finish, reason: "tool-calls" } : finish;
}

function joinedParts(before: readonly Part[], rest: readonly Part[]): readonly Part[] {
  const [last, first] = [before.at(-1), rest[0]];
  const words = last && first && joinedWords(last, first);
  return words ? [...before.slice(0, -1), words, ...rest.slice(1)] : [...before, ...rest];
}

/** Words behind words of the same kind. What is signed stays apart: the signature is of exactly these words. */
function joinedWords(last: Part, first: Part): Part | undefined {
  if (last.type !== first.type || (first.type !== "text" && first.type !== "thinking")) return undefined;
  if (last.type !== "text" && last.type !== "thinking") return undefined;
  if (last.thoughtSignature !== undefined || last.extra) return undefined;
  return { ...first, text: last.text + first.text };
}

function joinedExtra(before: Extra | undefined, rest: Extra | undefined): Extra | undefined {
  if (!before || before.dialect !== rest?.dialect) return rest ?? before;
  return { dialect: rest.dialect, fields: { ...before.fields, ...rest.fields } };
}
