import type { Extra } from "#core/llm/extra.ts";

/** A request for the vectors of some texts. */
export interface EmbeddingRequest {
  readonly model: string;
  readonly inputs: readonly string[];
  /** Wanted length of each vector; undefined is the model's own. */
  readonly dimensions?: number;
  /** What the vectors are for (Gemini `taskType`). */
  readonly taskType?: string;
  /** Title of a document to be found (Gemini). */
  readonly title?: string;
  /** How the client wants the numbers (OpenAI); Gemini has floats only. */
  readonly encoding: "float" | "base64";
  /** Whether the client asked for one vector or for a list (Gemini embedContent / batchEmbedContents). */
  readonly batch: boolean;
  readonly user?: string;
  readonly extra?: Extra;
}

/** The vectors, in the order of the inputs. */
export interface EmbeddingResponse {
  readonly model?: string;
  readonly vectors: readonly (readonly number[])[];
  /** Tokens read; absent when not reported (Gemini does not). */
  readonly inputTokens?: number;
}
