import type { Random } from "../random.ts";
import { randomFrom } from "../random.ts";
import { textTokens } from "../tokens.ts";
import type { AnswerInput } from "./answer-input.ts";
import type { Answer, AnswerItem, FinishReason } from "./answer.ts";
import { answerTokens } from "./answer.ts";
import { sliceOfTokens } from "./answer-steps.ts";
import { behindPrefill } from "./prefill.ts";
import { promptView } from "./prompt-view.ts";
import { prose } from "./prose.ts";
import { answerText } from "./answer-text.ts";
import { thoughtTokens } from "./thinking.ts";
import { plannedCalls } from "./tool-calls.ts";

/** Everything the model says: one answer per requested candidate. */
export function planAnswers(input: AnswerInput): readonly Answer[] {
  const count = input.request.generationConfig?.candidateCount ?? 1;
  return Array.from({ length: count }, (_, index) => planAnswer(input, index));
}

/** Reasons with which the API sends no content. */
const emptyReasons: ReadonlySet<FinishReason> = new Set<FinishReason>([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "OTHER",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "MALFORMED_RESPONSE",
  "MISSING_THOUGHT_SIGNATURE",
]);

function planAnswer(input: AnswerInput, candidate: number): Answer {
  const random = randomFrom(`${input.seedText}/answer/${candidate}`);
  const budget = outputBudget(input);
  const thought = thoughtTokens(input, budget, random);
  // The first request of an answer has done the thinking; what it used is gone from the budget of all of them together.
  const thinking = input.resumeAt > 0 ? 0 : thought;
  const tokensLeft = budget - thought;
  const forced = input.directives.finish;
  if (forced !== undefined && emptyReasons.has(forced)) {
    return { items: [], thoughtTokens: thinking, finishReason: forced, ...finishMessage(forced) };
  }
  const answer = { ...content(input, tokensLeft, random), thoughtTokens: thinking };
  const withThoughts = { ...answer, items: [...thoughtSummary(input, thinking, random), ...answer.items] };
  return forced === undefined ? withThoughts : { ...withThoughts, finishReason: forced };
}

/** Output tokens, thinking included, that the request may use. */
function outputBudget({ request, model, promptTokens }: AnswerInput): number {
  const asked = request.generationConfig?.maxOutputTokens ?? model.outputTokenLimit;
  return model.generation >= 4 ? Math.max(1, Math.min(asked, model.inputTokenLimit - promptTokens)) : asked;
}

type Said = Pick<Answer, "items" | "finishReason" | "continuesAt">;

function content(input: AnswerInput, tokensLeft: number, random: Random): Said {
  if (tokensLeft <= 0) return { items: [], finishReason: "MAX_TOKENS" };
  const calls = plannedCalls(input, random);
  return calls.length > 0 ? calling(calls, tokensLeft) : telling(input, tokensLeft, random);
}

function calling(calls: readonly AnswerItem[], tokensLeft: number): Said {
  const cost = answerTokens({ items: calls, thoughtTokens: 0, finishReason: "STOP" });
  return cost > tokensLeft
    ? { items: [], finishReason: "MAX_TOKENS" }
    : { items: calls, finishReason: "STOP" };
}

function telling(input: AnswerInput, tokensLeft: number, random: Random): Said {
  const whole = stopped(answerText(input, random), input.request.generationConfig?.stopSequences ?? []);
  const rest = behindPrefill(whole.slice(input.resumeAt), input.prefill);
  const restMax = tokensLeft - textTokens(whole.slice(0, input.resumeAt));
  const limit = Math.min(restMax, input.hopTokensMax ?? Number.POSITIVE_INFINITY);
  const isCut = textTokens(rest) > limit;
  const text = isCut ? sliceOfTokens(rest, 0, limit) : rest;
  if (!isCut) return { items: textItems(input, text, random), finishReason: "STOP" };
  if (limit === restMax) return { items: [{ kind: "text", text }], finishReason: "MAX_TOKENS" };
  const continuesAt = input.resumeAt + text.length;
  return { items: [{ kind: "text", text }], finishReason: "CONTINUATION", continuesAt };
}

function textItems(input: AnswerInput, text: string, random: Random): readonly AnswerItem[] {
  if (text === "" && input.sign === undefined) return [];
  const signature = input.sign?.(`text/${random.next()}`);
  return [{ kind: "text", text, ...(signature === undefined ? {} : { signature }) }];
}

function stopped(text: string, stopSequences: readonly string[]): string {
  const ends = stopSequences.map((stop) => (stop === "" ? -1 : text.indexOf(stop))).filter((at) => at >= 0);
  return ends.length === 0 ? text : text.slice(0, Math.min(...ends));
}

const thoughtSummaryTokensMax = 120;

function thoughtSummary(input: AnswerInput, thinking: number, random: Random): readonly AnswerItem[] {
  const isWanted = input.request.generationConfig?.thinkingConfig?.includeThoughts === true;
  if (!isWanted || thinking === 0) return [];
  const topic = promptView(input.request).topic;
  return [
    {
      kind: "thought",
      text: `**Considering the request**\n\n${prose(random, topic, Math.min(thinking, thoughtSummaryTokensMax))}\n`,
    },
  ];
}

function finishMessage(reason: string): { readonly finishMessage?: string } {
  return reason === "MALFORMED_FUNCTION_CALL" ? { finishMessage: "Malformed function call: call:" } : {};
}
