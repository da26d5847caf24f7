import type { CapturedContent } from "./captured-content.ts";
import type { LogGap } from "./log-gap.ts";
import type { RequestRecord } from "./request-record.ts";

/** What an entry of the spool holds: one letter for its kind, then JSON. */
export type LogEntry =
  | { readonly kind: "record"; readonly record: RequestRecord }
  | { readonly kind: "content"; readonly content: CapturedContent }
  | { readonly kind: "gap"; readonly gap: LogGap };

const letters = { record: "r", content: "c", gap: "g" } as const;

/** A record as an entry. Holds no line break: JSON writes those inside texts as `\n`. */
export function recordEntry(record: RequestRecord): string {
  return letters.record + JSON.stringify(record);
}

/** The record of an entry that `recordEntry` made. */
export function readRecord(entry: string): RequestRecord {
  // What JSON has no word for (undefined, functions) no record holds: it is the same again.
  return JSON.parse(entry.slice(1)) as RequestRecord;
}

/** Captured content as an entry. */
export function contentEntry(content: CapturedContent): string {
  return letters.content + JSON.stringify(content);
}

/** A gap as an entry. */
export function gapEntry(gap: LogGap): string {
  return letters.gap + JSON.stringify(gap);
}

/** Reads an entry; undefined when it is none of this version's. */
export function readEntry(payload: Buffer): LogEntry | undefined {
  const value = parsed(payload);
  if (typeof value !== "object" || value === null) return undefined;
  // The checksum of the spool has shown that these are the bytes which the functions above made of such a value.
  switch (String.fromCharCode(payload[0] ?? 0)) {
    case letters.record:
      return { kind: "record", record: value as RequestRecord };
    case letters.content:
      return { kind: "content", content: value as CapturedContent };
    case letters.gap:
      return { kind: "gap", gap: value as LogGap };
    default:
      return undefined;
  }
}

function parsed(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8", 1));
  } catch {
    // Told as "no entry" by the caller, who reports it and keeps the bytes.
    return undefined;
  }
}
