import type { Part } from "./message.ts";
import type { Candidate, ChatResponse } from "./response.ts";
import type { StreamPart } from "./stream-part.ts";

/**
 * A whole answer as the parts of a stream: what `ResponseCollector` puts together, taken apart again. Each text comes in
 * one piece. Fields of parts that streams have no place for are left out.
 */
export function partsOfResponse(response: ChatResponse): readonly StreamPart[] {
  const { id, model, createdSeconds, blocked, usage, extra } = response;
  const start: StreamPart = {
    type: "response-start",
    ...(id !== undefined && { id }),
    ...(model !== undefined && { model }),
    ...(createdSeconds !== undefined && { createdSeconds }),
  };
  return [
    start,
    ...response.candidates.flatMap(candidateParts),
    ...(extra ? [{ type: "extra", extra } as const] : []),
    ...(blocked ? [{ type: "blocked", block: blocked } as const] : []),
    ...(usage ? [{ type: "usage", usage } as const] : []),
    { type: "end" },
  ];
}

function candidateParts({ index, parts, finish, logprobs, extra }: Candidate): readonly StreamPart[] {
  let toolCall = 0;
  const content = parts.flatMap((part) =>
    contentParts(part, index, part.type === "tool-call" ? toolCall++ : 0),
  );
  if (logprobs) content.push({ type: "logprobs", candidate: index, positions: logprobs });
  if (extra) content.push({ type: "extra", candidate: index, extra });
  if (finish) content.push({ type: "finish", candidate: index, finish });
  return content;
}

function contentParts(part: Part, candidate: number, toolCall: number): readonly StreamPart[] {
  switch (part.type) {
    case "text":
    case "thinking": {
      const { text, thoughtSignature } = part;
      const type = part.type === "text" ? "text-delta" : "thinking-delta";
      return [{ type, candidate, text, ...(thoughtSignature !== undefined && { thoughtSignature }) }];
    }
    case "refusal":
      return [{ type: "refusal-delta", candidate, text: part.text }];
    case "tool-call": {
      const { id, name, argumentsJson, thoughtSignature } = part;
      const start: StreamPart = {
        type: "tool-call-start",
        candidate,
        toolCall,
        name,
        ...(id !== undefined && { id }),
        ...(thoughtSignature !== undefined && { thoughtSignature }),
      };
      return [start, { type: "tool-call-delta", candidate, toolCall, argumentsJson }];
    }
    case "media":
      return [{ type: "media", candidate, part }];
    case "opaque":
      return [{ type: "opaque", candidate, dialect: part.dialect, name: part.name, value: part.value }];
    case "tool-result":
      // What a tool answered stands in requests only.
      return [];
  }
}
