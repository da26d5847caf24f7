import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { present } from "#core/kernel/present.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";

/** What our own request headers say. Unreadable ones are told, never guessed. */
export interface RequestHeaders {
  readonly tags: Readonly<Record<string, string>>;
  /** Whom or what the request is for. */
  readonly unit?: string;
  /** The conversation it belongs to. */
  readonly conversation?: string;
  /** The session it is part of. */
  readonly session?: string;
  /** How long the client waits at most, ms > 0. */
  readonly deadlineMs?: number;
  /** Whether its answer is neither kept nor one that was kept: `x-signalbox-cache: off`. */
  readonly uncached?: true;
}

const ourHeaders = [
  "x-signalbox-tags",
  "x-signalbox-unit",
  "x-signalbox-conversation",
  "x-signalbox-session",
  "x-signalbox-deadline-ms",
  "x-signalbox-cache",
] as const;

/** Most labels that one request may carry, and the longest text of all together. */
const tagsMax = 32;
const tagsLengthMax = 4_096;
/** Longest name of a unit, a conversation or a session, characters. */
const nameLengthMax = 256;
/** Longest deadline a client may set: an hour. */
const deadlineMsMax = 3_600_000;

/** What most requests say, which have none of our headers: one for all of them. */
const nothingSaid: RequestHeaders = { tags: {} };

/** Reads our request headers: the values, or what is wrong with them in words. */
export function readRequestHeaders(headers: IncomingHttpHeaders): RequestHeaders | string {
  if (!ourHeaders.some((header) => headers[header] !== undefined)) return nothingSaid;
  const tags = readTags(single(headers["x-signalbox-tags"]));
  if (typeof tags === "string") return tags;
  const unit = readName(headers, "x-signalbox-unit");
  if (!unit.ok) return unit.error;
  const conversation = readName(headers, "x-signalbox-conversation");
  if (!conversation.ok) return conversation.error;
  const session = readName(headers, "x-signalbox-session");
  if (!session.ok) return session.error;
  const deadlineMs = readDeadline(single(headers["x-signalbox-deadline-ms"]));
  if (typeof deadlineMs === "string") return deadlineMs;
  const uncached = readCache(single(headers["x-signalbox-cache"]));
  if (typeof uncached === "string") return uncached;
  return {
    tags,
    ...present({
      unit: unit.value,
      conversation: conversation.value,
      session: session.value,
      deadlineMs,
      uncached,
    }),
  };
}

function readCache(cache: string | undefined): true | string | undefined {
  if (cache === undefined) return undefined;
  return cache.trim() === "off" || 'Cannot read header "x-signalbox-cache": off is wanted';
}

function readName(headers: IncomingHttpHeaders, header: string): Result<string | undefined, string> {
  const written = single(headers[header]);
  const name = written === undefined ? undefined : asUtf8(written).trim();
  if (name === undefined || name === "") return ok(undefined);
  if (name.length <= nameLengthMax) return ok(name);
  return failed(`Cannot read header "${header}": at most ${nameLengthMax} characters are wanted`);
}

/**
 * A header's text by its bytes, which Node reads as Latin-1: a name must be the same here and in a JSON body. Where the
 * bytes are no UTF-8 they are Latin-1.
 */
function asUtf8(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : text;
}

function readDeadline(deadline: string | undefined): number | string | undefined {
  if (deadline === undefined) return undefined;
  const deadlineMs = /^\d{1,7}$/.test(deadline) ? Number(deadline) : 0;
  if (deadlineMs < 1 || deadlineMs > deadlineMsMax) {
    return `Cannot read header "x-signalbox-deadline-ms": a whole number from 1 to ${deadlineMsMax} is wanted`;
  }
  return deadlineMs;
}

function readTags(text: string | undefined): Readonly<Record<string, string>> | string {
  if (text === undefined || text.trim() === "") return {};
  const pairs = text.split(",");
  if (pairs.length > tagsMax || text.length > tagsLengthMax) {
    return `Cannot read header "x-signalbox-tags": at most ${tagsMax} tags in ${tagsLengthMax} characters are wanted`;
  }
  const tags = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, equals)).trim();
    if (key === "")
      return 'Cannot read header "x-signalbox-tags": pairs such as tier=free,team=search are wanted';
    if (tags.has(key)) return 'Cannot read header "x-signalbox-tags": each tag is wanted once';
    tags.set(key, pair.slice(equals + 1).trim());
  }
  return Object.fromEntries(tags);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : value;
}
