import type { GenerateRequest } from "../gemini/request.ts";
import type { EmulatedModel } from "../models.ts";
import type { Directives } from "./directives.ts";
import type { Knowledge } from "./known-answers.ts";

/** What an answer depends on. The same input gives the same answer. */
export interface AnswerInput {
  readonly request: GenerateRequest;
  readonly model: EmulatedModel;
  readonly directives: Directives;
  /** What models know; absent where they know nothing. */
  readonly knowledge?: Knowledge;
  /** Digest of everything that should make answers differ. */
  readonly seedText: string;
  /** Tokens of the prompt; input and output share the window on Gemini 4. */
  readonly promptTokens: number;
  /** The most output tokens one request may have before it ends in CONTINUATION; undefined before Gemini 4. */
  readonly hopTokensMax?: number;
  /** Where an answer resumes, in characters of its text; 0 for a new one. */
  readonly resumeAt: number;
  /** Words that the answer begins with and that are not said again; empty for none. */
  readonly prefill: string;
  /** Makes a new thought signature from a text of chance; absent where the model has none. */
  readonly sign?: (nonce: string) => string;
}
