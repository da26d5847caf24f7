import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { EventKind, TokenCounts } from "#core/benchmarks/timeline.ts";
import { present } from "#core/kernel/present.ts";
import { extendedUrl } from "./extended-url.ts";
import type { LoadDialect } from "./load-dialect.ts";

/** Gemini's generateContent and streamGenerateContent. Every event of a stream tells the usage so far: the last one counts. */
export const geminiLoad: LoadDialect = {
  url: (base, { model, stream }) =>
    extendedUrl(base, {
      version: "/v1beta",
      rest: `/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    }),
  headers: (key) => (key === undefined ? {} : { "x-goog-api-key": key }),
  body: ({ turns, outputTokensMax }) => ({
    contents: turns.map(({ by, text }) => ({ role: by, parts: [{ text }] })),
    ...(outputTokensMax !== undefined && { generationConfig: { maxOutputTokens: outputTokensMax } }),
  }),
  readEvent(data) {
    const error = data["error"];
    if (isJsonObject(error)) return { kind: "usage", text: "", isFinal: false, error: codeOf(error) };
    const usage = usageOf(data["usageMetadata"]);
    const candidate = candidateOf(data);
    const told = usage && { usage };
    if (!candidate) return { kind: "usage", text: "", isFinal: false, ...told };
    const parts = partsOf(candidate);
    const isFinal = typeof candidate["finishReason"] === "string";
    return { kind: kindOf(parts), text: textOf(parts), isFinal, ...told };
  },
  readWhole(body) {
    const candidate = candidateOf(body);
    return present({
      text: candidate ? textOf(partsOf(candidate)) : "",
      usage: usageOf(body["usageMetadata"]),
    });
  },
};

function kindOf(parts: readonly JsonObject[]): EventKind {
  const kinds = parts.map(kindOfPart);
  return kinds.find((kind) => kind === "content") ?? kinds.find((kind) => kind !== "role") ?? "role";
}

function kindOfPart(part: JsonObject): EventKind {
  if (part["functionCall"] !== undefined) return "tool";
  if (typeof part["text"] !== "string" || part["text"] === "") return "role";
  return part["thought"] === true ? "reasoning" : "content";
}

/** Candidates' tokens leave those of thinking out. */
function usageOf(usage: Json | undefined): TokenCounts | undefined {
  if (!isJsonObject(usage)) return undefined;
  const reasoning = countOf(usage["thoughtsTokenCount"]);
  return {
    input: countOf(usage["promptTokenCount"]),
    output: countOf(usage["candidatesTokenCount"]) + reasoning,
    reasoning,
  };
}

function codeOf({ status, code }: JsonObject): string {
  const told = status ?? code;
  return typeof told === "string" || typeof told === "number" ? String(told).slice(0, 80) : "without a code";
}

function candidateOf({ candidates }: JsonObject): JsonObject | undefined {
  const [first] = isList(candidates) ? candidates : [];
  return isJsonObject(first) ? first : undefined;
}

function partsOf({ content }: JsonObject): readonly JsonObject[] {
  const parts = isJsonObject(content) ? content["parts"] : undefined;
  return isList(parts) ? parts.filter(isJsonObject) : [];
}

function textOf(parts: readonly JsonObject[]): string {
  return parts
    .filter((part) => kindOfPart(part) === "content")
    .map(({ text }) => (typeof text === "string" ? text : ""))
    .join("");
}

function countOf(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
