import { countIn } from "./words.ts";

/** Words that ask for a calculation or a proof by themselves. */
const mathsWords: ReadonlySet<string> = new Set(
  (
    "calculate compute solve prove equation equations integral derivative matrix determinant polynomial theorem lemma " +
    "inequality probability modulo factorial logarithm triangle hypotenuse divisor divisible remainder algebra geometry " +
    "arithmetic berechne löse beweise gleichung wahrscheinlichkeit calcula resuelve ecuación calcule résous équation"
  ).split(" "),
);

/** Words of word problems: what is asked for, and what happens to the numbers. */
const quantityWords: ReadonlySet<string> = new Set(
  (
    "total altogether twice half times each per percent average sum difference product remaining left cost costs price " +
    "sold bought buys pays paid earns earned hours minutes days weeks miles more less fewer spend spends spent"
  ).split(" "),
);

/** Questions for a number. */
const asked =
  /\bhow (?:many|much|far|long|old|tall|fast)\b|\bwhat(?:'s| is| was| are| will be| would be)? (?:\w+'s? |the |his |her |their )?(?:total|sum|average|value|area|volume|perimeter|difference|percent\w*|probability|cost|price)\b|\bfind the (?:total|sum|average|value|area|volume|perimeter|difference|probability|cost|price)\b|\bwie ?viele?\b|\bcu[áa]nt[oa]s?\b|\bcombien\b/;

/** Formulas: LaTeX, an operator between numbers or names, a function of x. */
const formula =
  /\\(?:frac|sum|int|sqrt|cdot|times|begin|left|lim)\b|\$[^$\n]{1,200}[=^_\\][^$\n]{0,200}\$|\b\d+(?:\.\d+)?(?:\s*[+*×÷^]\s*|\s+[-/]\s+)\d|[a-z]\s*\^\s*\d|\b[fg]\(x\)|\d?[xyz]\s*[-+*/]\s*\d+\s*=|[∫∑√≤≥≠π∞]/;

/** Whether a message asks for a calculation or a proof. */
export function hasMaths(text: string, words: readonly string[]): boolean {
  if (formula.test(text)) return true;
  const numbers = text.match(/\d+(?:[.,]\d+)*/g)?.length ?? 0;
  const quantities = countIn(words, quantityWords);
  const isAsked = asked.test(text);
  if (countIn(words, mathsWords) > 0 && (numbers > 0 || isAsked)) return true;
  return isAsked && (numbers >= 2 || (numbers >= 1 && quantities >= 1) || quantities >= 3);
}
