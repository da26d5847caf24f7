import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { PositionLogprobs, TokenLogprob } from "#core/llm/logprobs.ts";
import type { Fields } from "./fields.ts";

/**
 * Reads a candidate's `logprobsResult`: https://ai.google.dev/api/generate-content#LogprobsResult, read 2026-11-26.
 * Undefined where there is none, or where it has another shape: then it stays a field that only this dialect has.
 */
export function decodeLogprobs(candidate: Fields): readonly PositionLogprobs[] | undefined {
  const result = candidate.peek("logprobsResult");
  const positions = isJsonObject(result) ? positionsOf(result) : undefined;
  // Read only where all of it was understood.
  if (positions) candidate.value("logprobsResult");
  return positions;
}

const resultKeys: ReadonlySet<string> = new Set(["topCandidates", "chosenCandidates", "logProbabilitySum"]);

function positionsOf(result: JsonObject): readonly PositionLogprobs[] | undefined {
  const { chosenCandidates: chosen, topCandidates: top = [] } = result;
  if (!isList(chosen) || chosen.length === 0 || !isList(top)) return undefined;
  if (Object.keys(result).some((key) => !resultKeys.has(key))) return undefined;
  const positions: PositionLogprobs[] = [];
  for (const [at, item] of chosen.entries()) {
    const token = decodeToken(item);
    const alternatives = decodeAlternatives(top[at]);
    if (!token || !alternatives) return undefined;
    positions.push({ ...token, alternatives });
  }
  return positions;
}

function decodeAlternatives(item: Json | undefined): readonly TokenLogprob[] | undefined {
  if (item === undefined) return [];
  const candidates = isJsonObject(item) ? (item["candidates"] ?? []) : undefined;
  if (!isList(candidates)) return undefined;
  const tokens = candidates.map(decodeToken).filter((token) => token !== undefined);
  return tokens.length === candidates.length ? tokens : undefined;
}

/** What proto JSON leaves out is 0 or empty. */
function decodeToken(item: Json): TokenLogprob | undefined {
  if (!isJsonObject(item)) return undefined;
  const { token = "", tokenId, logProbability = 0 } = item;
  if (typeof token !== "string" || typeof logProbability !== "number") return undefined;
  return { token, logprob: logProbability, ...(typeof tokenId === "number" && { tokenId }) };
}

/** Writes `logprobsResult`. */
export function encodeLogprobs(positions: readonly PositionLogprobs[]): JsonObject {
  const hasAlternatives = positions.some(({ alternatives }) => alternatives.length > 0);
  return {
    ...(hasAlternatives && {
      topCandidates: positions.map(({ alternatives }) => ({ candidates: alternatives.map(encodeToken) })),
    }),
    chosenCandidates: positions.map(encodeToken),
    logProbabilitySum: sumOf(positions),
  };
}

/** The mean over the tokens: `avgLogprobs`. @param positions at least one */
export function averageLogprob(positions: readonly PositionLogprobs[]): number {
  return sumOf(positions) / positions.length;
}

function encodeToken({ token, tokenId, logprob }: TokenLogprob): JsonObject {
  return { token, ...(tokenId !== undefined && { tokenId }), logProbability: logprob };
}

function sumOf(positions: readonly PositionLogprobs[]): number {
  return positions.reduce((sum, { logprob }) => sum + logprob, 0);
}
