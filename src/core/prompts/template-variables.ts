import type { Template, TemplatePart } from "./template-parts.ts";

/** The variables that a template names. */
export interface TemplateVariables {
  /** Those outside of sections, and the sections' own: it is clear that they are the prompt's. */
  readonly outer: ReadonlySet<string>;
  /** Those named inside of sections only: of the section's value, or of the prompt. */
  readonly inner: ReadonlySet<string>;
}

/** Which variables a template names. */
export function templateVariables({ parts }: Pick<Template, "parts">): TemplateVariables {
  const outer = new Set<string>();
  const inner = new Set<string>();
  collect(parts, outer, inner);
  return { outer, inner: inner.difference(outer) };
}

function collect(parts: readonly TemplatePart[], names: Set<string>, inside: Set<string>): void {
  for (const part of parts) {
    if (part.type === "text") continue;
    const [name] = part.path;
    if (name !== undefined) names.add(name);
    if (part.type === "section") collect(part.parts, inside, inside);
  }
}
