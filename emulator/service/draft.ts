import { digest } from "../random.ts";
import type { LedgerRow } from "../ledger.ts";

/** What is known about a request while it is served; becomes its ledger row. Filled in as things become known. */
export interface Draft {
  readonly timeMs: number;
  readonly path: string;
  dialect: LedgerRow["dialect"];
  model: string;
  isStream: boolean;
  keyHash: string;
  responseId: string;
  promptTokens: number;
  cachedTokens: number;
  thoughtTokens: number;
  finishReason: string;
  fault: string;
  /** Output tokens that the model has made so many ms after the request came in. */
  outputTokensAt: (elapsedMs: number) => number;
}

/** A draft that knows nothing but when and where. */
export function emptyDraft(timeMs: number, path: string): Draft {
  return {
    timeMs,
    path,
    dialect: "gemini",
    model: "",
    isStream: false,
    keyHash: "",
    responseId: "",
    promptTokens: 0,
    cachedTokens: 0,
    thoughtTokens: 0,
    finishReason: "",
    fault: "",
    outputTokensAt: () => 0,
  };
}

const keyHashDigits = 12;

/** The name under which ledger and quotas know a key, without revealing it. */
export function keyHashOf(key: string): string {
  return key === "" ? "" : digest("key", key).slice(0, keyHashDigits);
}
