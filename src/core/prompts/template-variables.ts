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
  for (const { name, isInside } of named(parts, false)) (isInside ? inner : outer).add(name);
  return { outer, inner: inner.difference(outer) };
}

interface Named {
  readonly name: string;
  /** Whether it stands inside of a section. */
  readonly isInside: boolean;
}

function named(parts: readonly TemplatePart[], isInside: boolean): readonly Named[] {
  return parts.flatMap((part): readonly Named[] => {
    if (part.type === "text") return [];
    const [name] = part.path;
    const own = name === undefined ? [] : [{ name, isInside }];
    return part.type === "section" ? [...own, ...named(part.parts, true)] : own;
  });
}
