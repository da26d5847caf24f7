import { failed, ok, type Result } from "#core/kernel/result.ts";
import { variableName, type TemplateFault, type TemplatePart } from "./template-parts.ts";

const piece = /\{\{|\}\}|\{([^}]*)\}|[{}]|[^{}]+/g;

/** Reads a template of the form `Hello {name}`, as LangChain has it: `{{` and `}}` are braces, a value has a plain name. */
export function parseFString(text: string): Result<readonly TemplatePart[], TemplateFault> {
  const parts: TemplatePart[] = [];
  for (const { 0: found, 1: name } of text.matchAll(piece)) {
    if (found === "{") return failed('"{" without its "}" ("{{" is a brace of the text)');
    if (found === "}") return failed('"}" without its "{" ("}}" is a brace of the text)');
    if (name === undefined) parts.push({ type: "text", text: unescaped(found) });
    else if (variableName.test(name)) parts.push({ type: "value", path: [name] });
    else return failed(`{${name.slice(0, 40)}}, which names no variable ("{{" is a brace of the text)`);
  }
  return ok(parts);
}

/** A text as a template that stands for it. */
export function asFString(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

function unescaped(found: string): string {
  if (found === "{{") return "{";
  return found === "}}" ? "}" : found;
}
