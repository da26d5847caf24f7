/** A block of commands in a document that says it runs as printed. */
export interface MarkedBlock {
  readonly script: string;
  /** Line of the first command, 1 is the first line of the document. */
  readonly line: number;
}

/** The blocks of a language below a `<!-- run -->` mark. */
export function markedBlocks(markdown: string, language: "sh" | "ts" = "sh"): readonly MarkedBlock[] {
  const marked = new RegExp(`<!-- run -->\\n\`\`\`${language}\\n([^]*?)\`\`\``, "g");
  return [...markdown.matchAll(marked)].map((match) => ({
    script: match[1] ?? "",
    line: markdown.slice(0, match.index).split("\n").length + 2,
  }));
}
