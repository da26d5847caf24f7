import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Part } from "#core/llm/message.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { PositionLogprobs } from "#core/llm/logprobs.ts";
import type { Usage } from "#core/llm/usage.ts";

/** A whole chat answer. */
export interface ChatResponse {
  /** The provider's id of the answer, if it gave one. */
  readonly id?: string;
  /** The model that answered, in the provider's words. */
  readonly model?: string;
  /** Seconds since 1970, if the provider said. */
  readonly createdSeconds?: number;
  readonly candidates: readonly Candidate[];
  /** Set when the prompt itself was refused: no candidates then. */
  readonly blocked?: PromptBlock;
  /** Absent when the provider reported none. */
  readonly usage?: Usage;
  readonly extra?: Extra;
}

/** One of the alternative answers. */
export interface Candidate {
  readonly index: number;
  readonly parts: readonly Part[];
  /** Absent when the provider gave none: the answer is then cut short, not finished. */
  readonly finish?: Finish;
  /** How likely its tokens were, in their order; absent where nobody asked, or nobody told. */
  readonly logprobs?: readonly PositionLogprobs[];
  readonly extra?: Extra;
}

/** Why a candidate ended, with the provider's own word. */
export interface Finish {
  readonly reason: FinishReason;
  readonly raw: string;
  /** What the provider wants to be shown to go on with the answer; opaque. Of the reason `continuation` only. */
  readonly continuationToken?: string;
}

/** Why a prompt was refused, with the provider's own word. */
export interface PromptBlock {
  readonly raw: string;
}
