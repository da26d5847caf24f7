import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { PositionLogprobs, TokenLogprob } from "#core/llm/logprobs.ts";

/**
 * Reads the `logprobs` of a choice: those of its content, https://platform.openai.com/docs/api-reference/chat/object,
 * read 2026-11-26. Undefined where there are none, or where one of them has another shape: then they stay a field that
 * only this dialect has. Those of a refusal always do.
 */
export function decodeLogprobs(logprobs: Json | undefined): readonly PositionLogprobs[] | undefined {
  const content = isJsonObject(logprobs) ? logprobs["content"] : undefined;
  if (!isList(content) || content.length === 0) return undefined;
  const positions: PositionLogprobs[] = [];
  for (const item of content) {
    const position = decodePosition(item);
    if (!position) return undefined;
    positions.push(position);
  }
  return positions;
}

function decodePosition(item: Json): PositionLogprobs | undefined {
  if (!isJsonObject(item)) return undefined;
  const { top_logprobs: top, ...own } = item;
  const token = decodeToken(own);
  const alternatives = isList(top) ? top.map(decodeToken) : [];
  if (!token || (top !== undefined && top !== null && !isList(top))) return undefined;
  const told = alternatives.filter((alternative) => alternative !== undefined);
  return told.length === alternatives.length ? { ...token, alternatives: told } : undefined;
}

const tokenKeys: ReadonlySet<string> = new Set(["token", "logprob", "bytes"]);

function decodeToken(item: Json): TokenLogprob | undefined {
  if (!isJsonObject(item) || Object.keys(item).some((key) => !tokenKeys.has(key))) return undefined;
  const { token, logprob, bytes } = item;
  if (typeof token !== "string" || typeof logprob !== "number") return undefined;
  if (bytes === undefined || bytes === null) return { token, logprob };
  if (!isList(bytes) || !bytes.every((byte) => typeof byte === "number")) return undefined;
  return { token, logprob, bytes };
}

/** Writes the `logprobs` of a choice; `null` where none are known, as OpenAI does. */
export function encodeLogprobs(positions: readonly PositionLogprobs[] | undefined): JsonObject | null {
  if (!positions) return null;
  return {
    content: positions.map((position) => ({
      ...encodeToken(position),
      top_logprobs: position.alternatives.map(encodeToken),
    })),
    refusal: null,
  };
}

function encodeToken({ token, logprob, bytes }: TokenLogprob): JsonObject {
  return { token, logprob, bytes: bytes ?? null };
}
