import type { GenerationParameters, Thinking } from "#core/llm/request.ts";
import type { Prompt } from "#core/prompts/prompt.ts";
import type { Deployment } from "./deployment.ts";

/** An immutable bundle, named and hashed: the thing that experiments and rollouts compare. */
export interface Variant {
  readonly name: string;
  /** Hash of all that decides its answers: model id, parameters and prompt version (12 hexadecimal digits). */
  readonly hash: string;
  /** Id of the one model that every deployment of the pool serves. */
  readonly modelId: string;
  /** The deployments that serve it; never empty. */
  readonly pool: readonly Deployment[];
  readonly parameters: VariantParameters;
  /** What it says around the client's messages; absent where it says nothing. */
  readonly prompt?: Prompt;
}

/** What a variant sets on every request that it serves. */
export interface VariantParameters extends GenerationParameters {
  readonly thinking?: Thinking;
}
