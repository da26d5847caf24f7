import { extraWriter } from "#core/dialects/extra-writer.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import { Fields } from "./fields.ts";

/**
 * What nobody has read of a message and of messages inside it, as an `extra` property to spread into a neutral object.
 * Call it last.
 */
export function extraOf(
  fields: Fields,
  inner: Readonly<Record<string, Fields | undefined>> = noInner,
): { readonly extra?: Extra } {
  const left = unread(fields, inner);
  return left ? { extra: { dialect: "gemini", fields: left } } : noExtra;
}

const noInner: Readonly<Record<string, never>> = Object.freeze({});
const noExtra: { readonly extra?: Extra } = Object.freeze({});

/** The same as plain fields. */
export function unread(
  fields: Fields,
  inner: Readonly<Record<string, Fields | JsonObject | undefined>> = noInner,
): JsonObject | undefined {
  let left = fields.rest();
  // The names are ours, so that plain assignment may set them.
  for (const name in inner) {
    const child = inner[name];
    const rest = child instanceof Fields ? child.rest() : child;
    if (rest) left = { ...left, [name]: rest };
  }
  return left;
}

/** Lays this dialect's kept fields under a written object. */
export const withExtra = extraWriter("gemini");
