import { SignalboxError } from "../transport/signalbox-error.ts";

// The AI SDK knows its errors by these symbols, so that they may come from another copy of its package, or from none.
const anyError: unique symbol = Symbol.for("vercel.ai.error");
const callError: unique symbol = Symbol.for("vercel.ai.error.AI_APICallError");
const noModelError: unique symbol = Symbol.for("vercel.ai.error.AI_NoSuchModelError");

/**
 * A call that failed, as the AI SDK's own `APICallError`: it tries again what `isRetryable`, and waits as `retry-after` in
 * `responseHeaders` asks. Holds nothing of the conversation.
 */
export class SignalboxCallError extends Error {
  override readonly name = "AI_APICallError";
  readonly [anyError] = true;
  readonly [callError] = true;
  /** Which Signalbox was asked. */
  readonly url: string;
  readonly requestBodyValues: { readonly model: string };
  readonly statusCode: number | undefined;
  readonly responseHeaders: Record<string, string>;
  readonly isRetryable: boolean;
  /** Signalbox's code word and the request's id. */
  readonly data: { readonly code?: string; readonly requestId?: string };

  constructor(cause: SignalboxError, asked: { readonly url: string; readonly model: string }) {
    super(cause.message, { cause });
    const { code, requestId } = cause;
    this.url = asked.url;
    this.requestBodyValues = { model: asked.model };
    this.statusCode = cause.status;
    this.responseHeaders = { ...cause.headers };
    this.isRetryable = cause.retryable;
    this.data = { ...(code !== undefined && { code }), ...(requestId !== undefined && { requestId }) };
  }
}

/** A kind of model that Signalbox does not serve, as the AI SDK's own `NoSuchModelError`. */
export class UnservedModelError extends Error {
  override readonly name = "AI_NoSuchModelError";
  readonly [anyError] = true;
  readonly [noModelError] = true;
  readonly modelId: string;
  readonly modelType = "imageModel";

  constructor(modelId: string) {
    super(`Cannot make image model "${modelId}": a language or embedding model of Signalbox is wanted`);
    this.modelId = modelId;
  }
}

/** What a call threw, as the AI SDK wants it; that it was aborted stays as it is. */
export function callErrorOf(
  error: unknown,
  asked: { readonly url: string; readonly model: string },
): unknown {
  return error instanceof SignalboxError ? new SignalboxCallError(error, asked) : error;
}
