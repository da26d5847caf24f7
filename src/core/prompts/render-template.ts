import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Template, TemplatePart } from "./template-parts.ts";

/** How much rendering may do for one prompt. */
export interface RenderRoom {
  /** Characters that may still be written. */
  length: number;
  /** Pieces that may still be looked at: sections in one another multiply. */
  steps: number;
}

/** Longest prompt that is rendered, characters of all its messages. */
export const renderedLengthMax = 1_000_000;
/** Pieces that are looked at for one prompt, at most. */
const renderStepsMax = 1_000_000;

/** The room of a prompt that is about to be rendered. */
export function renderRoom(): RenderRoom {
  return { length: renderedLengthMax, steps: renderStepsMax };
}

/** What rendering a template came to. */
export interface RenderedTemplate {
  readonly text: string;
  /** Dotted names outside of sections behind which nothing stands. */
  readonly missing: readonly string[];
  /** Whether it is cut off, since there was no more room. */
  readonly cut: boolean;
}

/**
 * Renders a template. Texts stand as they are, other values as JSON. Pure and total: what is missing is told, and whatever
 * the values are it ends within the room.
 * @param absent names whose value may be missing: they are rendered as nothing
 */
export function renderTemplate(
  { parts }: Pick<Template, "parts">,
  values: JsonObject,
  { room, absent }: { readonly room: RenderRoom; readonly absent: ReadonlySet<string> },
): RenderedTemplate {
  const rendering = new Rendering(room, absent);
  rendering.parts(parts, [values]);
  return { text: rendering.text, missing: [...rendering.missing], cut: rendering.cut };
}

class Rendering {
  text = "";
  cut = false;
  readonly missing = new Set<string>();
  readonly #room: RenderRoom;
  readonly #absent: ReadonlySet<string>;

  constructor(room: RenderRoom, absent: ReadonlySet<string>) {
    this.#room = room;
    this.#absent = absent;
  }

  /** @param scopes the values around, the prompt's own first */
  parts(parts: readonly TemplatePart[], scopes: readonly Json[]): void {
    for (const part of parts) {
      if (!this.#hasRoom()) return;
      if (part.type === "text") this.#write(part.text);
      else if (part.type === "value") this.#value(part.path, scopes);
      else this.#section(part, scopes);
    }
  }

  #value(path: readonly string[], scopes: readonly Json[]): void {
    const value = lookedUp(path, scopes);
    if (value === undefined && scopes.length === 1 && !this.#absent.has(path[0] ?? ""))
      this.missing.add(path.join("."));
    if (value !== undefined && value !== null) this.#write(valueText(value));
  }

  #section(section: Extract<TemplatePart, { readonly type: "section" }>, scopes: readonly Json[]): void {
    const value = lookedUp(section.path, scopes);
    if (section.inverted) {
      if (isNothing(value) || (isList(value) && value.length === 0))
        this.parts(section.parts, [...scopes, null]);
    } else if (isList(value)) {
      for (const item of value) {
        if (!this.#hasRoom()) return;
        this.parts(section.parts, [...scopes, item]);
      }
    } else if (!isNothing(value)) this.parts(section.parts, [...scopes, value ?? null]);
  }

  /** Takes a step of the room. */
  #hasRoom(): boolean {
    this.cut ||= --this.#room.steps < 0;
    return !this.cut;
  }

  #write(text: string): void {
    this.#room.length -= text.length;
    if (this.#room.length < 0) this.cut = true;
    else this.text += text;
  }
}

/** The value of a path in the innermost scope that has one. */
function lookedUp(path: readonly string[], scopes: readonly Json[]): Json | undefined {
  if (path.length === 0) return scopes.at(-1);
  for (let at = scopes.length - 1; at >= 0; at--) {
    const value = valueAt(scopes[at], path);
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueAt(from: Json | undefined, path: readonly string[]): Json | undefined {
  let value = from;
  for (const step of path) value = isList(value) ? value[Number(step)] : ownValue(value, step);
  return value;
}

function ownValue(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === false || value === 0 || value === "";
}

function valueText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
