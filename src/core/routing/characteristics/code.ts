import { countIn } from "./words.ts";

/** Lines that are hardly ever anything but source code. Each pattern looks at one line's beginning. */
const codeLines = [
  /^[ \t]*(?:def|class|func|fn|function|interface|struct|enum|impl)\s+\w+\s*[({:<]/m,
  /^[ \t]*(?:import|from|using|package|require|include)\s+[\w.{"'<@/*]+[^.!?\n]*(?:;|import\b|from\b|['"]|$)/m,
  /^[ \t]*#include\s*[<"]/m,
  /^[ \t]*(?:const|let|var|val)\s+\w+\s*[:=]/m,
  /^[ \t]*(?:public|private|protected|static)\s+[\w<>[\]]+\s+\w+/m,
  /^[ \t]*(?:if|for|while|switch)\s*\([^\n)]*\)\s*\{?[ \t]*$/m,
  /^[ \t]*(?:select|insert into|update|delete from|create table)\s[^\n]*\b(?:from|values|set|where)\b/im,
  /^[ \t]*<\/?(?:div|html|body|span|script|p|a|ul|table)\b[^\n>]*>/m,
  /^[ \t]*at [\w.$<>]+\([\w.]+:\d+/m,
  /=>\s*\{|\)\s*->\s*[\w[]+\s*[:{]|\w\(\)\s*[;{]/,
];

/** What asks for code: a word for making something, and within a few words something that is made of code. */
const asksForCode =
  /\b(?:write|implement|create|develop|build|debug|fix|refactor|optimi[sz]e|complete|explain|design|schreibe|implementiere|escribe|implementa|écris)\b[^.?!\n]{0,80}\b(?:functions?|algorithms?|codes?|api|endpoint|regex|regular expression|sql|unit tests?|web ?sites?|html|css|stack ?trace|compiler|parser|funktion|función|fonction)\b|\b(?:write|implement|debug|fix)\b[^.?!\n]{0,40}\b(?:programs?|scripts?|classe?s?|programm)\b[^.?!\n]{0,60}\b(?:to|that|which|for|in)\b/;

/** Names of languages and tools of which one is enough beside a word for making something. */
const languages: ReadonlySet<string> = new Set(
  (
    "python javascript typescript java kotlin rust golang php perl scala haskell sql html css bash powershell " +
    "angular django numpy pandas nodejs kubernetes docker terraform regex stacktrace traceback"
  ).split(" "),
);

const makingWords: ReadonlySet<string> = new Set(
  (
    "write implement create develop build debug fix refactor optimize optimise rewrite code complete explain " +
    "schreibe implementiere programmiere escribe implementa écris"
  ).split(" "),
);

/**
 * Whether a message has source code in it, or asks for some.
 * @param text as it was written, since code depends on case
 * @param lower the same in lower case, and its words
 */
export function hasCode(text: string, lower: string, words: readonly string[]): boolean {
  if (text.includes("```")) return true;
  if (codeLines.some((pattern) => pattern.test(text))) return true;
  if (asksForCode.test(lower)) return true;
  return countIn(words, languages) > 0 && countIn(words, makingWords) > 0;
}
