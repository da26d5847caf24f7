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

/** Words for things that are made of code. */
const things: ReadonlySet<string> = new Set(
  (
    "function functions program programme script code algorithm class method api endpoint query regex website html css " +
    "component module library snippet loop recursion array compiler parser database sql unit-test bug exception " +
    "stacktrace traceback funktion programm skript código función programa fonction classe"
  ).split(" "),
);

/** Names of languages and tools of which one is enough beside a word for making something. */
const languages: ReadonlySet<string> = new Set(
  (
    "python javascript typescript java kotlin rust golang swift ruby php perl scala haskell sql html css bash powershell " +
    "react angular vue django flask numpy pandas node nodejs kubernetes docker terraform regex"
  ).split(" "),
);

const makingWords: ReadonlySet<string> = new Set(
  (
    "write implement create develop build design debug fix refactor optimize optimise rewrite code program complete " +
    "given explain return returns find schreibe implementiere programmiere escribe implementa écris"
  ).split(" "),
);

/** Whether a message has source code in it, or asks for some. */
export function hasCode(text: string, words: readonly string[]): boolean {
  if (text.includes("```")) return true;
  if (codeLines.some((pattern) => pattern.test(text))) return true;
  if (countIn(words, makingWords) === 0) return false;
  const named = countIn(words, languages);
  const made = countIn(words, things);
  return named > 0 || made >= 2;
}
