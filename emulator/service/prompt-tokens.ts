import type { GenerateRequest } from "../gemini/request.ts";
import type { EmulatedModel } from "../models.ts";
import { digest } from "../random.ts";
import type { TokensByModality } from "../tokens.ts";
import { addTokens, contentTokens, textTokens } from "../tokens.ts";

/** Tokens of everything the model reads: system instruction, tool declarations and turns. */
export function promptTokens(request: GenerateRequest, model: EmulatedModel): TokensByModality {
  const { systemInstruction, tools, contents } = request;
  const turns = systemInstruction === undefined ? contents : [systemInstruction, ...contents];
  const declared = tools === undefined ? 0 : textTokens(JSON.stringify(tools));
  return addTokens(
    contentTokens(turns, model.generation),
    new Map(declared === 0 ? [] : [["TEXT", declared] as const]),
  );
}

const mediaCharactersMin = 256;

/** The prompt as one text in reading order, for comparing beginnings; media are replaced by their digests. */
export function promptText({ systemInstruction, tools, contents }: GenerateRequest): string {
  return JSON.stringify([systemInstruction ?? null, tools ?? null, contents], (key, value: unknown) =>
    key === "data" && typeof value === "string" && value.length > mediaCharactersMin ? digest(value) : value,
  );
}
