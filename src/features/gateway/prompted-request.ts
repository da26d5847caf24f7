import type { RequestProblem } from "#core/dialects/dialect.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { PromptProblem } from "#core/prompts/prompt-problem.ts";
import { unknownVariables } from "#core/prompts/prompt-values.ts";
import { renderPrompt } from "#core/prompts/render-prompt.ts";
import type { Variant } from "#core/routing/variant.ts";

/** The request as a variant with this prompt is asked it; each prompt is rendered once. */
export type PromptedRequest = (prompt: Prompt | undefined) => Result<ChatRequest, RequestProblem>;

/** Makes it for one request. */
export function promptedRequest(request: ChatRequest): PromptedRequest {
  let made: Map<Prompt, ReturnType<PromptedRequest>> | undefined;
  return (prompt) => {
    if (!prompt) return saysNothing(request) ? failed(nothingSaid(request)) : ok(request);
    const known = made?.get(prompt);
    if (known) return known;
    const prompted = rendered(prompt, request);
    (made ??= new Map()).set(prompt, prompted);
    return prompted;
  };
}

/**
 * The values of a request that no variant that may serve it uses, as a problem; undefined where each is used by one. A
 * value that only another variant uses is none: an application cannot know which one serves it.
 * @param variants asked for only where a request brings values
 */
export function unusedVariables(
  variants: () => readonly Variant[],
  request: ChatRequest,
): RequestProblem | undefined {
  const { promptVariables } = request;
  if (!promptVariables) return undefined;
  const prompts = variants().flatMap(({ prompt }) => prompt ?? []);
  const problem = unknownVariables(prompts, promptVariables);
  return problem && requestProblem(problem, request);
}

function rendered(prompt: Prompt, request: ChatRequest): ReturnType<PromptedRequest> {
  const { promptVariables, messages: came, ...rest } = request;
  const messages = renderPrompt(prompt, { values: promptVariables ?? {}, messages: came });
  return messages.ok
    ? ok({ ...rest, messages: messages.value })
    : failed(requestProblem(messages.error, request));
}

/** Whether a request leaves all that is to be said to a prompt: dialects let it do so where it brings values for one. */
function saysNothing({ messages, promptVariables }: ChatRequest): boolean {
  return messages.length === 0 && promptVariables !== undefined;
}

function nothingSaid({ model }: ChatRequest): RequestProblem {
  const name = JSON.stringify(model.slice(0, nameLengthMax));
  const message = `Cannot ask ${name}: at least one message is wanted where a variant has no prompt, there is none`;
  return { code: "invalid-request", message, field: "messages" };
}

function requestProblem({ message }: PromptProblem, { model }: ChatRequest): RequestProblem {
  const name = JSON.stringify(model.slice(0, nameLengthMax));
  return { code: "invalid-request", message: `Cannot render the prompt of ${name}: ${message}`, field };
}

/** The field as OpenAI's dialect has it; Gemini's is `promptVariables`. */
const field = "prompt_variables";
const nameLengthMax = 100;
