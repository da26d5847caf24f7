/** How templates are written, in LangChain's words: `{name}`, or `{{name}}` with sections. */
export const templateFormats = ["f-string", "mustache"] as const;

/** One of them. */
export type TemplateFormat = (typeof templateFormats)[number];

/** A piece of a template. Paths are names from the outermost value inwards; an empty one is the value of the section around it. */
export type TemplatePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value"; readonly path: readonly string[] }
  | {
      readonly type: "section";
      readonly path: readonly string[];
      /** Whether it is shown where there is nothing, instead of where there is something. */
      readonly inverted: boolean;
      readonly parts: readonly TemplatePart[];
    };

/** A template that was read. */
export interface Template {
  readonly format: TemplateFormat;
  /** As it was written. */
  readonly text: string;
  readonly parts: readonly TemplatePart[];
}

/** What is wrong with a template, beginning in lower case: `"{" without its "}"`. */
export type TemplateFault = string;

/** The name of a variable: what a person may write in a template. */
export const variableName = /^[A-Za-z_][A-Za-z0-9_-]*$/;
