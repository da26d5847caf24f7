import { spacedWords } from "./white-space.ts";

/** How a text is cut into tokens for BLEU. */
export type BleuTokens = "13a" | "char" | "none";

/** The tokens of a text, as sacreBLEU's tokenizer of that name gives them. */
export function bleuTokens(text: string, tokens: BleuTokens): readonly string[] {
  if (tokens === "none") return spacedWords(text);
  return tokens === "char" ? spacedWords(Array.from(text).join(" ")) : tokens13a(text);
}

/**
 * The tokens of the NIST's script mteval-v13a, by which results of the WMT are compared: punctuation and symbols of ASCII
 * stand alone, but a point or a comma between digits, and a dash that is not behind a digit.
 */
function tokens13a(text: string): readonly string[] {
  const line = text.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  const plain = line
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  const cut = ` ${plain} `
    .replaceAll(/([{-~[-` -&(-+:-@/])/gu, " $1 ")
    .replaceAll(/([^0-9])([.,])/gu, "$1 $2 ")
    .replaceAll(/([.,])([^0-9])/gu, " $1 $2")
    .replaceAll(/([0-9])(-)/gu, "$1 $2 ");
  return spacedWords(cut);
}
