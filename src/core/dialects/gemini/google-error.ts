import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { isList } from "#core/kernel/json.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** An error of a Google API, as far as it said anything. */
export interface GoogleError {
  readonly code?: number;
  /** Its code word: `RESOURCE_EXHAUSTED`, ... */
  readonly status?: string;
  readonly message: string;
  readonly details: readonly JsonObject[];
}

/** The error in a body, also where it is wrapped in an array; undefined when there is none. */
export function googleErrorOf(body: Json | undefined): GoogleError | undefined {
  const holder = isList(body) ? body[0] : body;
  const error = isJsonObject(holder) ? holder["error"] : undefined;
  if (!isJsonObject(error)) return undefined;
  const { code, status, message, details } = error;
  return {
    ...(typeof code === "number" && { code }),
    ...(typeof status === "string" && { status }),
    message: typeof message === "string" ? message : "",
    details: isList(details) ? details.filter(isJsonObject) : [],
  };
}

/** The details of one type, by its last word: `QuotaFailure`. */
export function detailsOf(error: GoogleError, type: string): readonly JsonObject[] {
  return error.details.filter((detail) => typeName(detail) === type);
}

/** The last word of a detail's type. */
export function typeName(detail: JsonObject): string {
  const type = detail["@type"];
  return typeof type === "string" ? type.slice(type.lastIndexOf(".") + 1) : "";
}

/** The quotas that were violated, by id. One without an id is an empty text. */
export function violatedQuotas(
  error: GoogleError,
): readonly { readonly id: string; readonly isZero: boolean }[] {
  return detailsOf(error, "QuotaFailure")
    .flatMap(({ violations }) => (isList(violations) ? violations.filter(isJsonObject) : []))
    .map(({ quotaId, quotaValue }) => ({
      id: typeof quotaId === "string" ? quotaId : "",
      isZero: quotaValue === "0" || quotaValue === 0,
    }));
}

/** The longest wait that the error asks for, ms: in RetryInfo, or else in its words. */
export function askedDelayMs(error: GoogleError): number | undefined {
  const delays = detailsOf(error, "RetryInfo").flatMap(({ retryDelay }) => retryDelayMs(retryDelay) ?? []);
  if (delays.length > 0) return Math.max(...delays);
  const [, words] = /[Rr]etry in (\d+(?:\.\d+)?s)\b/.exec(error.message) ?? [];
  return retryDelayMs(words);
}

/** Whether an ErrorInfo names this reason. */
export function hasReason(error: GoogleError, reason: string): boolean {
  return detailsOf(error, "ErrorInfo").some((detail) => detail["reason"] === reason);
}
