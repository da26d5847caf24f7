import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { FailedReply } from "./model-reply.ts";

/** Statuses after which the same call may succeed a little later (RFC 9110, RFC 6585). */
const retryable: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504]);
/** Statuses that say that there are too many calls. */
const overloaded: ReadonlySet<number> = new Set([429, 503, 529]);

/** Longest message that is kept of a server's error, characters. */
const messageLengthMax = 500;
/** Longest code of it, characters. */
const codeLengthMax = 100;
/** Longest wait that a server may ask for, ms. */
const waitMsMax = 300_000;

/** What an error answer says, in the words of OpenAI's dialect or of RFC 9457. */
export function failedReply(
  status: number,
  body: JsonObject | undefined,
  headers: Readonly<Record<string, string>>,
): FailedReply {
  const error = body && (isJsonObject(body["error"]) ? body["error"] : body);
  const code = textOf(error?.["code"]) ?? textOf(error?.["type"]) ?? `status-${status}`;
  const told = textOf(error?.["message"]) ?? textOf(error?.["detail"]) ?? `The server answered ${status}`;
  return {
    kind: "failed",
    code: code.slice(0, codeLengthMax),
    message: told.slice(0, messageLengthMax),
    status,
    retryable: retryable.has(status) || overloaded.has(status),
    overload: overloaded.has(status),
    ...present({ waitMs: waitOf(headers["retry-after"]) }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Seconds alone: a date would need the server's clock. */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined || !/^\d{1,6}(\.\d{1,3})?$/.test(retryAfter)) return undefined;
  return Math.min(Number(retryAfter) * 1_000, waitMsMax);
}
