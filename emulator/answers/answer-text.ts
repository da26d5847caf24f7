import type { Json } from "../json.ts";
import type { Random } from "../random.ts";
import type { AnswerInput } from "./answer-input.ts";
import type { PromptView } from "./prompt-view.ts";
import { promptView } from "./prompt-view.ts";
import { prose } from "./prose.ts";
import { schemaValue } from "./schema-value.ts";
import { verdictText } from "./verdict-text.ts";
import { textTokens } from "../tokens.ts";

const tokensMedian = 120;
const tokensSigma = 0.6;
const tokensMin = 12;
const tokensMax = 2000;
const tokensAskedMax = 1_048_576; // as much as the largest window holds
const resultCharactersMax = 600;

/** The whole text of an answer: dictated, JSON when JSON is asked for, built on tool results, known, or prose. */
export function answerText(input: AnswerInput, random: Random): string {
  const { directives, request } = input;
  if (directives.say !== undefined) return directives.say;
  const view = promptView(request);
  const verdict = judgedText(input, view);
  if (verdict !== undefined) return verdict;
  const known = input.knowledge?.known(view.text, input.model.id, random);
  const mimeType = request.generationConfig?.responseMimeType;
  if (mimeType === "application/json") return JSON.stringify(structuredValue(input, { view, known }, random));
  if (mimeType === "text/x.enum") return enumText(structuredValue(input, { view, known }, random));
  if (directives.tokens !== undefined)
    return prose(random, view.topic, Math.min(tokensAskedMax, directives.tokens));
  if (view.results.length > 0) return resultText(view, random);
  if (known !== undefined) return known;
  const recorded = input.knowledge?.recorded(view.text, input.model.id, input.promptTokens);
  if (recorded) {
    const rest = recorded.tokens - textTokens(recorded.beginning);
    return `${recorded.beginning}${rest > 0 ? prose(random, view.topic, rest) : ""}`;
  }
  const tokens = Math.round(random.logNormal(tokensMedian, tokensSigma));
  return prose(random, view.topic, Math.min(tokensMax, Math.max(tokensMin, tokens)));
}

/** What a judge says of what it is given to judge; undefined for any other prompt. */
function judgedText({ knowledge, model, request }: AnswerInput, view: PromptView): string | undefined {
  const verdict = knowledge?.judge(view.whole, model.id);
  if (!verdict) return undefined;
  const config = request.generationConfig;
  const isJson = config?.responseMimeType === "application/json";
  const schema = isJson ? (config.responseJsonSchema ?? config.responseSchema) : undefined;
  return verdictText(verdict, { schema, instructions: view.instructions });
}

function structuredValue(
  { request }: AnswerInput,
  { view, known }: { readonly view: PromptView; readonly known: string | undefined },
  random: Random,
): Json {
  const schema = request.generationConfig?.responseJsonSchema ?? request.generationConfig?.responseSchema;
  if (schema === undefined) return { answer: known ?? prose(random, view.topic, 12) };
  return known === undefined
    ? schemaValue(schema, random, view.hints)
    : schemaValue(schema, random, [known, ...view.hints], known);
}

/** text/x.enum answers with the bare text of the chosen value. */
function enumText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function resultText(view: PromptView, random: Random): string {
  const results = view.results
    .map(({ name, response }) => `${name}: ${JSON.stringify(response ?? {})}`)
    .join("; ");
  return `According to ${results.slice(0, resultCharactersMax)}. ${prose(random, view.topic, 16)}`;
}
