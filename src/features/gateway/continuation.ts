import type { ChatRequest } from "#core/llm/request.ts";
import { generatedTokens, type Usage } from "#core/llm/usage.ts";
import type { UpstreamCall } from "#adapters/upstream/upstream-port.ts";
import type { Answer } from "#features/gateway/answer-tracker.ts";
import { outputTokensBound, type ChatAsked } from "#features/gateway/chat-asked.ts";
import type { CostCap } from "#features/gateway/cost-cap.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Most times that one answer is continued: the whole window of Gemini 4 (1,048,576 tokens) in pieces of 32,768. */
export const continuationsMax = 32;

/** What of an answer is there before an attempt that continues it. */
export interface AnswerSoFar {
  /** How often the answer was continued, this time included. */
  readonly continuations: number;
  /** With what this attempt asks for the rest; absent where it goes on from the words alone. */
  readonly token?: string;
  /** Tokens of the attempts before, where they were told. */
  readonly usage: Usage | undefined;
}

/** What decides whether an answer is continued. */
interface ContinuationQuestion {
  readonly request: ChatRequest;
  readonly asked: Pick<ChatAsked, "rung" | "degraded" | "number">;
  /** Absent at the first attempt. */
  readonly before: AnswerSoFar | undefined;
  /** What the request may cost; undefined where nothing bounds it. */
  readonly costCap: Pick<CostCap, "affordsRest"> | undefined;
}

/**
 * What to ask for the rest of an answer with: its provider ended it before it was finished, and the client does not ask
 * for the rest itself. Undefined for every other answer, and where asking again would get no further.
 */
export function continuationToken(answer: Answer, question: ContinuationQuestion): string | undefined {
  const { finish } = answer;
  const { request, asked, before } = question;
  if (finish?.reason !== "continuation" || !asked.rung.dialect.client.continuing) return undefined;
  const token = finish.continuationToken;
  const isNews = token !== before?.token && (before?.continuations ?? 0) < continuationsMax;
  const goesOn =
    isNews && !followsItself(request) && !isSpent(answer, question) && isAffordable(answer, question);
  return goesOn ? token : undefined;
}

/** Whether a client sends tokens by itself, or each of several candidates would have a rest of its own. */
export function followsItself({ extra, parameters }: ChatRequest): boolean {
  if ((parameters.candidateCount ?? 1) > 1) return true;
  return tokenNames.some((name) => extra?.fields[name] !== undefined);
}

/** As JSON of protocol buffers spells it. */
const tokenNames = ["continuationToken", "continuation_token"];

/** Whether the answer is as long as the client allows. Google counts all pieces together; should somebody not, we do. */
function isSpent({ usage }: Answer, { request, asked, before }: ContinuationQuestion): boolean {
  const tokensMax = outputTokensBound(asked, request);
  return tokensMax !== undefined && generatedTokens(usage) + generatedTokens(before?.usage) >= tokensMax;
}

/** Whether what the rest can cost is within what the request may cost: else the client gets the piece's own end. */
function isAffordable(answer: Answer, { asked, before, costCap }: ContinuationQuestion): boolean {
  if (!costCap) return true;
  const { usage } = answer;
  const ofPiece = usage ? generatedTokens(usage) : answer.seenOutputTokens + answer.seenThinkingTokens;
  const generated = ofPiece + generatedTokens(before?.usage);
  const begun = { generated, ...(usage && { read: usage.inputTokens + ofPiece }) };
  return costCap.affordsRest(asked.rung, { attempt: asked.number, usage, begun });
}

/** The call for the rest: the first one with the token, and the credential as it is now; without a token the first one. */
export function continuedCall(first: UpstreamCall, rung: Rung, token: string | undefined): UpstreamCall {
  if (token === undefined) return first;
  const { continuing } = rung.dialect.client;
  const body = continuing ? continuing.request(first.body, token) : first.body;
  return { ...first, headers: rung.headers, body };
}
