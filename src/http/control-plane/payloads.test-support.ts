import type { Endpoint } from "#http/endpoint.ts";

/** A configuration with a prompt and an experiment of the name that addresses have. */
export const namedText = `version: 1
providers: { eu: { dialect: openai-chat, base_url: "https://eu.example/v1" } }
deployments: { d: { provider: eu, model: m } }
variants: { fast: { pool: [d] }, cheap: { pool: [d] } }
routes: { assistant: { strategy: { use: fast } }, other: { strategy: { use: fast } } }
prompts:
  flash: { versions: { 1: { messages: [{ system: "Be brief." }] } }, labels: { production: 1 } }
experiments:
  flash: { route: assistant, variants: { fast: 50%, cheap: 50% } }
`;

/** A prompt as LangChain serialises it. */
const langChainPrompt = {
  lc: 1,
  type: "constructor",
  id: ["langchain_core", "prompts", "prompt", "PromptTemplate"],
  kwargs: { template: "Hello {name}", template_format: "f-string", input_variables: ["name"] },
};

/** A body that an endpoint of prompts answers well. */
function promptPayloadOf(path: string) {
  if (path.endsWith("/langchain")) return { prompt: langChainPrompt };
  if (path.endsWith("/labels")) return { label: "production", version: "1" };
  return path.endsWith("/versions") ? { version: { messages: [{ user: "x" }] }, label: "candidate" } : {};
}

/** A body that an endpoint of experiments answers well, one after the other. */
function experimentPayloadOf(path: string) {
  if (path.endsWith("/decide")) return { winner: "fast", why: "faster" };
  if (path.endsWith("/power")) return { metric: { rate: "60%" }, effect: "+2pp" };
  if (path !== "/api/experiments") return {};
  return { name: "tone", design: { route: "other", variants: { fast: "50%", cheap: "50%" } } };
}

/** A body that an endpoint of reviews answers well, one after the other. */
function reviewPayloadOf(path: string) {
  if (path.endsWith("/verdicts")) return { reviewer: "ann", verdict: "a" };
  return { queue: "flash", criteria: "right?", items: [{ id: "q1", input: "2 + 2?", answers: ["4", "5"] }] };
}

/** A body that the endpoint answers well. */
export function payloadOf({ path, method }: Endpoint) {
  if (path === "/api/deployments")
    return { model: "gemini-4-hydrogen", route: { name: "chat", share: "5%" } };
  if (path.startsWith("/api/deployments/")) return method === "PATCH" ? { weight: 2 } : {};
  if (path.startsWith("/api/prompts")) return promptPayloadOf(path);
  if (path.startsWith("/api/experiments")) return experimentPayloadOf(path);
  if (path.startsWith("/api/reviews")) return reviewPayloadOf(path);
  if (path === "/api/evaluations/runs")
    return {
      evaluation: { name: "capitals", data: { set: "gsm8k" }, targets: { flash: { model: "assistant" } } },
    };
  if (path.startsWith("/api/evaluations")) return {};
  if (path === "/api/erasures") return { unit: "user-42" };
  if (path.endsWith("/explain")) return { request: { messages: [] } };
  if (path.startsWith("/api/configuration/rollback")) return { to: "1" };
  return path.startsWith("/api/configuration") ? { text: "version: 1" } : { name: "search" };
}
