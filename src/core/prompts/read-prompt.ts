import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { PromptItem, PromptMessage, PromptPiece, PromptVariable } from "./prompt.ts";
import type {
  PromptContentSettings,
  PromptMessageSettings,
  PromptVariableSettings,
  PromptVersionSettings,
} from "./prompt-schema.ts";
import { parseTemplate } from "./template.ts";
import type { Template, TemplateFormat } from "./template-parts.ts";

/** A version by itself: what it includes is only named. */
export interface ReadPrompt {
  readonly items: readonly ReadItem[];
  readonly variables: ReadonlyMap<string, PromptVariable>;
  readonly partials: JsonObject;
}

/** An item of it. */
export type ReadItem =
  | PromptItem
  | { readonly type: "include"; readonly name: string; readonly version: number; readonly at: number };

/** Something that is wrong with a version as written. */
export interface ReadProblem {
  /** Where, from the version's own beginning: `["messages", 2, "user"]`. */
  readonly path: readonly (string | number)[];
  readonly wanted: string;
  /** What is there instead; absent is the value itself. */
  readonly actual?: string;
}

/** Reads a version: its templates become parts. All that is wrong is told at once. */
export function readPrompt(settings: PromptVersionSettings): {
  readonly prompt: ReadPrompt;
  readonly problems: readonly ReadProblem[];
} {
  const reader = new Reader(settings.format ?? "f-string", settings.partials ?? {});
  const items = settings.messages.map((message, at) => reader.item(message, at));
  const variables = new Map(
    Object.entries(settings.variables ?? {}).map(([name, variable]) => [name, variableOf(variable)]),
  );
  return {
    prompt: { items, variables, partials: settings.partials ?? {} },
    problems: [...reader.problems, ...partialProblems(settings)],
  };
}

class Reader {
  readonly problems: ReadProblem[] = [];
  readonly #format: TemplateFormat;
  readonly #partials: JsonObject;

  constructor(format: TemplateFormat, partials: JsonObject) {
    this.#format = format;
    this.#partials = partials;
  }

  item(message: PromptMessageSettings, at: number): ReadItem {
    const { placeholder, optional = false, examples, include } = message;
    const path = ["messages", at];
    if (placeholder !== undefined) return { type: "placeholder", name: placeholder, optional };
    if (include !== undefined) {
      const [name = "", version = ""] = include.split("@");
      return { type: "include", name, version: Number(version), at };
    }
    if (!examples) return this.#message(message, path);
    const messages = examples.messages.map((one, index) =>
      this.#message(one, [...path, "examples", "messages", index]),
    );
    return { type: "examples", messages, values: examples.values };
  }

  #message(
    { system, user, assistant }: Pick<PromptMessageSettings, "system" | "user" | "assistant">,
    path: ReadProblem["path"],
  ): PromptMessage {
    const role = system !== undefined ? "system" : user !== undefined ? "user" : "assistant";
    const content = system ?? user ?? assistant ?? "";
    const pieces = this.#pieces(content, [...path, role]);
    return { type: "message", role, pieces, partials: this.#partials };
  }

  #pieces(content: PromptContentSettings, path: ReadProblem["path"]): readonly PromptPiece[] {
    if (typeof content === "string") return [{ type: "text", template: this.#template(content, path) }];
    return content.map(({ text, image, detail }, index) => {
      const at = [...path, index];
      if (image === undefined) return { type: "text", template: this.#template(text ?? "", [...at, "text"]) };
      return { type: "image", url: this.#template(image, [...at, "image"]), ...present({ detail }) };
    });
  }

  #template(text: string, path: ReadProblem["path"]): Template {
    const read = parseTemplate(this.#format, text);
    if (read.ok) return read.value;
    this.problems.push({ path, wanted: `a template of the format ${this.#format}`, actual: read.error });
    return { format: this.#format, text, parts: [] };
  }
}

function variableOf(settings: PromptVariableSettings): PromptVariable {
  const {
    type,
    description,
    required,
    default: usual,
    enum: allowed,
    max_length: lengthMax,
    example,
  } = settings;
  return {
    required: required ?? usual === undefined,
    ...present({ type, description, default: jsonOf(usual), allowed: allowed?.map(jsonItem), lengthMax }),
    ...present({ example: jsonOf(example) }),
  };
}

function jsonOf(value: unknown): Json | undefined {
  return value === undefined ? undefined : jsonItem(value);
}

/** What zod read as JSON, by our name of it. */
function jsonItem(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(jsonItem);
  return isJsonObject(value) ? value : null;
}

/** A variable cannot be set by the prompt and by requests at once. */
function partialProblems({ variables = {}, partials = {} }: PromptVersionSettings): readonly ReadProblem[] {
  return Object.keys(partials)
    .filter((name) => Object.hasOwn(variables, name))
    .map((name) => ({
      path: ["variables", name],
      wanted: "a variable that is no partial",
      actual: "one that the prompt sets itself",
    }));
}
