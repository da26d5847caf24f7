import { hash } from "node:crypto";
import type { Json } from "#core/kernel/json.ts";
import type { Redactor } from "./redactor.ts";

/** Texts at least this long that look like base64 are media: their bytes are not stored, characters. */
const mediaLengthMin = 2_048;
const base64 = /^(?:data:[\w.+-]{1,64}\/[\w.+-]{1,64};base64,)?[\w+/=-]+$/;

/** A JSON text after redaction. */
export interface RedactedJson {
  readonly json: string;
  readonly count: number;
  /** Whether it was cut at the bound. */
  readonly truncated: boolean;
}

/**
 * Redacts the texts inside a JSON document (not its keys), so that no escape hides anything from the patterns. Media is
 * replaced by its size and hash.
 * @param lengthMax characters kept at most; what is longer is cut, and then no longer a whole document
 * @throws SyntaxError when the document is no JSON
 */
export function redactContent(document: string, redact: Redactor, lengthMax: number): RedactedJson {
  let count = 0;
  const clean = (value: Json, name?: string): Json => {
    if (typeof value === "string") {
      if (name !== signatureName && isMedia(value)) return mediaMark(value);
      const redacted = redact(value);
      count += redacted.count;
      return redacted.text;
    }
    if (Array.isArray(value)) return value.map((item) => clean(item));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, clean(member ?? null, key)]),
    );
  };
  // JSON.parse answers `any`; what it gives is JSON by definition.
  const json = JSON.stringify(clean(JSON.parse(document) as Json));
  return { json: json.slice(0, lengthMax), count, truncated: json.length > lengthMax };
}

/** Looks like media, and is what a model wants back as it came. */
const signatureName = "thoughtSignature";

/** Whether a text is taken for media: nothing but its size and hash is kept of it. */
export function isMedia(text: string): boolean {
  return text.length >= mediaLengthMin && base64.test(text);
}

/** Whether media was taken out of a document, as JSON. A text that only says so counts as one. */
export function lacksMedia(json: string): boolean {
  return /"\[media: \d+ characters, sha256 [0-9a-f]{16}\]"/.test(json);
}

function mediaMark(text: string): string {
  return `[media: ${text.length} characters, sha256 ${hash("sha256", text).slice(0, 16)}]`;
}
