import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { parseJson } from "./json-answer.ts";
import type { ParseProblem } from "./parse-problem.ts";
import { standsIn } from "./stands-in.ts";

/** Most quotes of one answer. */
const citationsMax = 50;

/** What a model is asked for. */
export const citedSchema: JsonObject = {
  type: "object",
  properties: {
    answered: { type: "boolean", description: "Whether the sources hold an answer." },
    answer: { type: "string", description: "The answer, or what is missing." },
    citations: {
      type: "array",
      maxItems: citationsMax,
      items: {
        type: "object",
        properties: {
          source: { type: "integer", minimum: 1, description: "Number of the source." },
          quote: {
            type: "string",
            minLength: 1,
            description: "The words that say it, exactly as they stand there.",
          },
        },
        required: ["source", "quote"],
      },
    },
  },
  required: ["answered", "answer", "citations"],
};

/**
 * Reads an answer with citations: each quote must stand in the source that it names, white space aside, and an answer
 * that says it found something must cite at least one.
 * @param sources the texts, the first is source 1
 */
export function parseCited(answer: string, sources: readonly string[]): Result<Json, ParseProblem> {
  const read = parseJson(answer, citedSchema);
  if (!read.ok) return read;
  if (!isJsonObject(read.value)) return failed({ wanted: "an object", actual: "another value" });
  const citations = isList(read.value["citations"]) ? read.value["citations"] : [];
  const plainSources = sources.map(plain);
  for (const [index, citation] of citations.entries()) {
    if (!isJsonObject(citation)) continue;
    const { source, quote } = citation;
    const text = typeof source === "number" ? plainSources[source - 1] : undefined;
    const number = index + 1;
    if (text === undefined) {
      return failed({
        wanted: `citations of the sources 1 to ${sources.length}`,
        actual: `another source in citation ${number}`,
      });
    }
    const quoted = typeof quote === "string" ? plain(quote) : "";
    if (quoted === "" || !standsIn(text, quoted)) {
      return failed({
        wanted: "quotes that stand in their source word for word",
        actual: `another text in citation ${number}`,
      });
    }
  }
  if (read.value["answered"] === true && citations.length === 0) {
    return failed({ wanted: "at least one citation", actual: "none" });
  }
  return ok(read.value);
}

function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
