import type { ChatRequest } from "#core/llm/request.ts";
import type { Characteristics } from "#core/routing/characteristics/characteristics.ts";
import type { Explanation } from "#core/routing/explain.ts";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import type { ShadowChoice } from "#core/routing/shadow.ts";
import type { Arrival } from "#features/gateway/asked.ts";
import type { ExplainedPrompt } from "#features/gateway/explained-prompt.ts";

/** A request that somebody wonders about. It is decided, not served. */
export interface ExplainCall {
  readonly request: ChatRequest;
  /** What it would have come with. */
  readonly arrival: Arrival;
  /** The number drawn, in [0, 1). */
  readonly variantDraw: number;
}

/** What the gateway would do with a request, and why. */
export interface ExplainedCall extends Explanation {
  readonly facts: RequestFacts;
  readonly characteristics: Characteristics;
  /** Deployments that would serve it, those of the chosen variant first. */
  readonly ladder: readonly string[];
  /** The prompt of the chosen variant, where it has one. */
  readonly prompt?: ExplainedPrompt;
  /** By whom it would be answered once more, off-line; absent where by nobody. */
  readonly shadow?: ShadowChoice;
}
