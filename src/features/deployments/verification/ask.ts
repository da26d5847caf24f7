import type { JsonObject } from "#core/kernel/json.ts";

/** One request to the deployment that is verified, in OpenAI's words, without `model`. */
export interface VerificationCall {
  /** What is asked for: a chat completion when absent. */
  readonly operation?: "embeddings";
  readonly body: JsonObject;
  readonly stream?: boolean;
}

/** What came back. */
export interface VerificationAnswer {
  readonly requestId: string;
  readonly status: number;
  /** The whole answer, or each frame of a stream in order. Objects of OpenAI's. */
  readonly payloads: readonly JsonObject[];
  /** Of a stream: whether it ended as one that is whole does. */
  readonly ended: boolean;
  /** What went wrong, in words for people; absent where the answer came. */
  readonly problem?: string;
}

/** Asks the deployment through the gateway, so that the call is recorded and priced. Never rejects. */
export type Ask = (call: VerificationCall) => Promise<VerificationAnswer>;
