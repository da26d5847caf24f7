/** A block of commands in a document that says it runs as printed. */
export interface MarkedBlock {
  readonly script: string;
  /** Line of the first command, 1 is the first line of the document. */
  readonly line: number;
}

/** The `sh` blocks below a `<!-- run -->` mark. */
export function markedBlocks(markdown: string): readonly MarkedBlock[] {
  return [...markdown.matchAll(/<!-- run -->\n```sh\n([^]*?)```/g)].map((match) => ({
    script: match[1] ?? "",
    line: markdown.slice(0, match.index).split("\n").length + 2,
  }));
}
