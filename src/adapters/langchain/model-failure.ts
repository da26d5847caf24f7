import { errorName } from "#core/kernel/error-place.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { RefusedRequest } from "./refused-request.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** What a failed call of a model means: an answer with an error status, or no connection. */
export type ModelFailure =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: { readonly error: JsonObject };
    }
  | { readonly kind: "connect" | "reset"; readonly message: string };

/** How many causes of an error are looked at. */
const causesMax = 5;
/** Longest text of an error, characters. */
const messageLengthMax = 2_000;

/** LangChain's own words for what went wrong, as a status and a word of chat completions. */
const byLangChainWord: Readonly<Record<string, readonly [status: number, code: string] | undefined>> = {
  MODEL_AUTHENTICATION: [401, "invalid_api_key"],
  MODEL_NOT_FOUND: [404, "model_not_found"],
  MODEL_RATE_LIMIT: [429, "rate_limit_exceeded"],
  CONTEXT_OVERFLOW: [400, "context_length_exceeded"],
  INVALID_PROMPT_INPUT: [400, "invalid_prompt_input"],
  INVALID_TOOL_RESULTS: [400, "invalid_tool_results"],
  MESSAGE_COERCION_FAILURE: [400, "message_coercion_failure"],
};

/** Codes of Node's and undici's by which no connection came about; all others that are known mean that one broke. */
const connectCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
const resetCodes = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_BODY_TIMEOUT"]);

/**
 * Reads what a model threw, whatever that is: some things throw themselves when they are looked at. The text of an error is told only where a provider answered it, as that of other providers
 * is; what a module throws of its own may hold anything.
 * @param secrets texts that must not be seen: they are taken out
 */
export function modelFailure(thrown: unknown, secrets: readonly string[]): ModelFailure {
  try {
    return readFailure(thrown, secrets);
  } catch {
    // Nobody waits for a call behind its listener: a throw from here would end the process.
    const message = "The module's model threw something that cannot be read";
    return answered(500, { message, code: "server_error" });
  }
}

function readFailure(thrown: unknown, secrets: readonly string[]): ModelFailure {
  if (thrown instanceof RefusedRequest)
    return answered(400, { message: thrown.message, code: "unsupported_feature" });
  const errors = causesOf(thrown);
  const word = errors.map((error) => langChainWord(error)).find((known) => known !== undefined);
  const failed = errors.find((error) => statusOf(error) !== undefined);
  const status = (failed && statusOf(failed)) ?? word?.[0];
  if (status !== undefined) {
    const teller = failed ?? errors[0] ?? {};
    const code = word?.[1] ?? codeOf(teller);
    return answered(
      status,
      {
        message: withoutSecrets(messageOf(teller), secrets),
        ...(code !== undefined && { code: withoutSecrets(code, secrets) }),
      },
      waitHeaders(teller),
    );
  }
  const network = errors.map((error) => networkFailure(error)).find((known) => known !== undefined);
  if (network) return network;
  const name = withoutSecrets(errorName(thrown), secrets);
  return answered(500, { message: `The module's model threw ${name}`, code: "server_error" });
}

function answered(
  status: number,
  error: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): ModelFailure {
  return { kind: "answered", status, headers, body: { error: { type: "langchain_module", ...error } } };
}

/** An error and what led to it. */
function causesOf(thrown: unknown): readonly object[] {
  const errors: object[] = [];
  let next: unknown = thrown;
  while (typeof next === "object" && next !== null && errors.length < causesMax) {
    errors.push(next);
    next = Reflect.get(next, "cause");
  }
  return errors;
}

function langChainWord(error: object): readonly [number, string] | undefined {
  const word: unknown = Reflect.get(error, "lc_error_code");
  if (typeof word === "string") return byLangChainWord[word];
  const name: unknown = Reflect.get(error, "name");
  return name === "ContextOverflowError" ? byLangChainWord["CONTEXT_OVERFLOW"] : undefined;
}

function statusOf(error: object): number | undefined {
  const response: unknown = Reflect.get(error, "response");
  const metadata: unknown = Reflect.get(error, "$metadata");
  return [
    Reflect.get(error, "status"),
    Reflect.get(error, "statusCode"),
    isJsonObject(response) ? response["status"] : undefined,
    isJsonObject(metadata) ? metadata["httpStatusCode"] : undefined,
    Reflect.get(error, "code"),
  ].find((status): status is number => typeof status === "number" && status >= 400 && status <= 599);
}

/** The provider's word for it: OpenAI's `code`, Google's `status`. */
function codeOf(error: object): string | undefined {
  const words: readonly unknown[] = [Reflect.get(error, "code"), Reflect.get(error, "status")];
  return words.find((word) => typeof word === "string")?.toString();
}

function messageOf(error: object): string {
  const message: unknown = Reflect.get(error, "message");
  return typeof message === "string" ? message.slice(0, messageLengthMax) : "";
}

/** The headers that say how long to wait, of errors that keep their answer's. */
function waitHeaders(error: object): Readonly<Record<string, string>> {
  const headers: unknown = Reflect.get(error, "headers");
  const told = ["retry-after", "retry-after-ms"].flatMap((name) => {
    const value: Json | undefined =
      headers instanceof Headers
        ? (headers.get(name) ?? undefined)
        : isJsonObject(headers)
          ? headers[name]
          : undefined;
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(told);
}

function networkFailure(error: object): ModelFailure | undefined {
  const code: unknown = Reflect.get(error, "code");
  if (typeof code !== "string") return undefined;
  if (connectCodes.has(code)) return { kind: "connect", message: code };
  return resetCodes.has(code) ? { kind: "reset", message: code } : undefined;
}
