import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import type { ExplainedStrategy } from "#core/routing/explain.ts";
import { experimentRecord, type Arrival, type ExplainedCall, type Gateway } from "#features/gateway/index.ts";
import { viewOfRendered } from "#features/prompts/index.ts";
import { experimentView } from "#features/traffic/index.ts";
import type { ExplainQuestion, ExplainReply, StrategyView } from "#http/control-plane/explain-endpoint.ts";

/** Where a question says nothing, the middle of all numbers is drawn, so that it is answered alike each time. */
const drawDefault = 0.5;

/**
 * Decides a request without serving it.
 * @throws AppError for a route that there is not, and for a request that cannot be read
 */
export function explainRequest(gateway: Pick<Gateway, "explain">, question: ExplainQuestion): ExplainReply {
  const { route, request, draw = drawDefault } = question;
  const decoded = openaiChat.server.decodeRequest({ ...request, model: route }, {});
  if (!decoded.ok) throw new AppError(decoded.error.code, decoded.error.message);
  const explained = gateway.explain({
    request: decoded.value,
    arrival: arrivalOf(question),
    variantDraw: draw,
  });
  if (!explained.ok) throw new AppError(explained.error.code, explained.error.message);
  return replyOf(route, explained.value);
}

function arrivalOf({ tags = {}, headers = {}, unit, conversation, session }: ExplainQuestion): Arrival {
  return {
    requestId: "explained",
    startedAtMs: 0,
    startedMs: 0,
    queueMs: 0,
    dialect: openaiChat,
    principal: { kind: "admin" },
    tags,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    ...present({ unit, conversation, session }),
  };
}

function replyOf(
  route: string,
  { decision, strategy, facts, characteristics, ladder, prompt, shadow }: ExplainedCall,
): ExplainReply {
  return {
    route,
    variant: decision.variant?.name ?? null,
    candidates: decision.candidates.map(({ excluded = null, ...candidate }) => ({ ...candidate, excluded })),
    propensity: decision.propensity,
    draw: decision.draw,
    ladder: [...ladder],
    reason: decision.reason,
    experiment: decision.experiment ? experimentView(experimentRecord(decision.experiment)) : null,
    shadow: shadow ? { experiment: shadow.name, phase: shadow.phase, variant: shadow.treatment } : null,
    prompt: prompt ? promptOf(prompt) : null,
    facts: {
      input_tokens: facts.inputTokens,
      turns: facts.turns,
      tools: facts.hasTools,
      schema: facts.hasSchema,
      thinking: facts.thinks ?? false,
      media: [...facts.mediaKinds],
      code: characteristics.code,
      maths: characteristics.maths,
      language: characteristics.language ?? null,
      question: characteristics.question,
      system_prompt: characteristics.systemPrompt ?? null,
    },
    strategy: viewOf(strategy),
  };
}

function promptOf({ reference, messages, problem }: NonNullable<ExplainedCall["prompt"]>) {
  return {
    version: reference,
    messages: messages ? viewOfRendered(messages).messages : null,
    problem: problem ?? null,
  };
}

function viewOf({ keyword, settings, probabilities, scores = null, parts }: ExplainedStrategy): StrategyView {
  return {
    keyword,
    settings: plain(settings),
    probabilities: { ...probabilities },
    scores: plain(scores),
    parts: parts.map(viewOf),
  };
}

/** A copy that may be changed, as the schema's type has it. */
function plain(value: ExplainedStrategy["settings"]): StrategyView["settings"] {
  // JSON of JSON is JSON.
  return JSON.parse(JSON.stringify(value)) as StrategyView["settings"];
}
