import * as fc from "fast-check";

/** A JSON text as some client may write it, and the value it stands for. */
export interface JsonText {
  readonly text: string;
  readonly value: unknown;
}

const space = fc.constantFrom("", "", "", " ", "\n", "\t\r\n ");

/** Strings with what hurts scanners: quotes, backslashes, brackets, escapes, non-ASCII, and keys of the protocol. */
const trickyString = fc.oneof(
  fc.constantFrom(
    "model",
    "stream_options",
    "id",
    '\\"',
    "\\",
    '{"model":"x"}',
    "]}",
    "ключ",
    "🛰️",
    "\u2028",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.toWellFormed()),
);

/** A string in quotes, plainly or with every character escaped. */
export const jsonString: fc.Arbitrary<JsonText & { readonly value: string }> = fc
  .tuple(trickyString, fc.boolean())
  .map(([value, isEscaped]) => ({ value, text: isEscaped ? escaped(value) : JSON.stringify(value) }));

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

/** Any JSON text, with white space of its own. */
export const jsonText: fc.Arbitrary<JsonText> = fc.letrec<{ value: JsonText }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .constantFrom("null", "true", "false", "0", "-1.5e3")
      .map((text) => ({ text, value: JSON.parse(text) })),
    jsonString,
    fc.tuple(fc.array(tie("value"), { maxLength: 3 }), space).map(([items, gap]) => ({
      text: `[${gap}${items.map(({ text }) => text).join(`${gap},`)}${gap}]`,
      value: items.map(({ value }) => value),
    })),
    fc
      .tuple(fc.array(fc.tuple(jsonString, tie("value")), { maxLength: 3 }), space)
      .map(([members, gap]) => objectText(members, gap)),
  ),
})).value;

/** The text of an object with these members; of members with one key the last counts, as in `JSON.parse`. */
export function objectText(members: readonly (readonly [JsonText, JsonText])[], gap: string): JsonText {
  const text = `{${gap}${members.map(([key, value]) => `${key.text}${gap}:${gap}${value.text}`).join(`${gap},${gap}`)}${gap}}`;
  return { text, value: JSON.parse(text) };
}
