import type { StrategyInput } from "#core/routing/strategies/strategy.ts";
import { zoneClock } from "./zone-clock.ts";

/** What a field holds: undefined where the request has no such thing. */
export type FieldValue = number | string | boolean | readonly string[] | undefined;

/** A field that a condition may look at. */
export interface Field {
  readonly type: "number" | "text" | "boolean" | "list";
  readonly read: (input: StrategyInput) => FieldValue;
}

/** Headers that carry credentials: no condition looks at them. */
const secretHeaders: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
]);

const fields: Readonly<Record<string, Field>> = {
  operation: { type: "text", read: ({ facts }) => facts.operation },
  stream: { type: "boolean", read: ({ facts }) => facts.stream },
  input_tokens: { type: "number", read: ({ facts }) => facts.inputTokens },
  max_output_tokens: { type: "number", read: ({ facts }) => facts.maxOutputTokens },
  turns: { type: "number", read: ({ facts }) => facts.turns },
  tools: { type: "boolean", read: ({ facts }) => facts.hasTools },
  thinking: { type: "boolean", read: ({ facts }) => facts.thinks ?? false },
  schema: { type: "boolean", read: ({ facts }) => facts.hasSchema },
  media: { type: "list", read: ({ facts }) => [...facts.mediaKinds] },
  message: { type: "text", read: ({ view }) => view.newestMessage() },
  code: { type: "boolean", read: ({ view }) => view.characteristics().code },
  maths: { type: "boolean", read: ({ view }) => view.characteristics().maths },
  language: { type: "text", read: ({ view }) => view.characteristics().language },
  question: { type: "text", read: ({ view }) => view.characteristics().question },
  system_prompt: { type: "text", read: ({ view }) => view.characteristics().systemPrompt },
  "principal.kind": { type: "text", read: ({ view }) => view.caller.kind },
  "principal.key": { type: "text", read: ({ view }) => view.caller.keyId },
};

const timeFields = ["time.hour", "time.minute", "time.weekday", "time.date"];

/** The names of fields, for errors; `tags.` and `headers.` stand for those of any name. */
export const fieldNames: readonly string[] = [
  ...Object.keys(fields),
  ...timeFields,
  "tags.<name>",
  "headers.<name>",
];

/** Whether a field is about time, and so may be asked in a zone. */
export function isTimeField(name: string): boolean {
  return timeFields.includes(name);
}

/**
 * The field of that name; undefined when there is none, or none that may be looked at.
 * @param zone where the wall clock hangs, for fields about time
 */
export function fieldOf(name: string, zone: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  if (isTimeField(name)) return timeField(name, zone);
  const [, room, key] = /^(tags|headers)\.(.+)$/.exec(name) ?? [];
  if (room === undefined || key === undefined) return undefined;
  if (room === "tags") return tagField(key);
  const header = key.toLowerCase();
  if (secretHeaders.has(header)) return undefined;
  return { type: "text", read: ({ view }) => view.header(header) };
}

function tagField(tag: string): Field {
  return {
    type: "text",
    read: ({ facts: { tags } }) => (Object.hasOwn(tags, tag) ? tags[tag] : undefined),
  };
}

function timeField(name: string, zone: string): Field {
  const clock = zoneClock(zone);
  switch (name) {
    case "time.hour":
      return { type: "number", read: ({ nowMs }) => clock(nowMs).hour };
    case "time.minute":
      return { type: "number", read: ({ nowMs }) => clock(nowMs).minute };
    case "time.weekday":
      return { type: "text", read: ({ nowMs }) => clock(nowMs).weekday };
    default:
      return { type: "text", read: ({ nowMs }) => clock(nowMs).date };
  }
}
