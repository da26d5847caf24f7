import { z } from "zod";
import { answerLanguage } from "./answer-language.ts";
import { instruction, plainInstruction, type Instruction } from "./instruction.ts";
import { isLower, isUpper, space, stripped } from "./python-text.ts";

const constrainedAnswers = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

/** The instructions of IFEval that ask for a form, by their ids. */
export const formedInstructions: Readonly<Record<string, Instruction>> = {
  "punctuation:no_comma": plainInstruction((answer) => !answer.includes(",")),
  "startend:quotation": plainInstruction((answer) => /^".*"$/su.test(stripped(answer))),
  "startend:end_checker": instruction(
    z.object({ end_phrase: z.string() }),
    (answer, { end_phrase: phrase }) =>
      stripped(answer)
        .replace(/^"+/, "")
        .replace(/(?<!")"+$/, "")
        .toLowerCase()
        .endsWith(stripped(phrase).toLowerCase()),
  ),
  "change_case:english_capital": plainInstruction((answer) => isUpper(answer) && isEnglish(answer)),
  "change_case:english_lowercase": plainInstruction((answer) => isLower(answer) && isEnglish(answer)),
  "language:response_language": instruction(z.object({ language: z.string() }), (answer, { language }) => {
    // What has no letters is in no other language.
    if (!/\p{L}/u.test(answer)) return true;
    return language === "en" ? isEnglish(answer) : answerLanguage(answer) === language;
  }),
  "combination:two_responses": plainInstruction((answer) => {
    const parts = answer.split("******").map(stripped);
    const filled = parts.filter((part) => part !== "");
    return !parts.slice(1, -1).includes("") && filled.length === 2 && filled[0] !== filled[1];
  }),
  "combination:repeat_prompt": instruction(
    z.object({ prompt_to_repeat: z.string() }),
    (answer, { prompt_to_repeat: prompt }) =>
      stripped(answer).toLowerCase().startsWith(stripped(prompt).toLowerCase()),
  ),
  "detectable_content:postscript": instruction(
    z.object({ postscript_marker: z.string() }),
    (answer, { postscript_marker: marker }) => hasPostscript(answer.toLowerCase(), stripped(marker)),
  ),
  "detectable_format:constrained_response": plainInstruction((answer) =>
    constrainedAnswers.some((wanted) => answer.includes(wanted)),
  ),
  "detectable_format:json_format": plainInstruction((answer) => isPythonJson(withoutFence(answer))),
  "detectable_format:title": plainInstruction((answer) => answer.split("\n").some(hasTitle)),
};

/** The tool tells English from other languages; of letters alone that say too little it mostly says English. */
function isEnglish(answer: string): boolean {
  const language = answerLanguage(answer);
  return language === undefined ? !/[^\p{Script=Latin}\P{L}]/u.test(answer) : language === "en";
}

function hasPostscript(lower: string, marker: string): boolean {
  if (marker === "P.P.S") return new RegExp(`p\\.${space}?p\\.${space}?s`, "u").test(lower);
  if (marker === "P.S.") return new RegExp(`p\\.${space}?s\\.`, "u").test(lower);
  return lower.includes(marker.toLowerCase());
}

/** A title in double angle brackets that has more than brackets in it. */
function hasTitle(line: string): boolean {
  const open = line.indexOf("<<");
  const close = line.lastIndexOf(">>");
  if (open === -1 || close < open + 3) return false;
  const inside = line
    .slice(open, close + 2)
    .replace(/^<+/, "")
    .replace(/(?<!>)>+$/, "");
  return stripped(inside) !== "";
}

/** Without a fence and the name of its language; each is taken off once, one after the other. */
function withoutFence(answer: string): string {
  let text = stripped(answer);
  for (const fence of ["```json", "```Json", "```JSON", "```"]) {
    if (text.startsWith(fence)) text = text.slice(fence.length);
  }
  return stripped(text.endsWith("```") ? text.slice(0, -3) : text);
}

/** Whether Python's parser takes a text, which knows NaN and Infinity. */
function isPythonJson(text: string): boolean {
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gsu, (found) =>
    found.startsWith('"') ? found : "0",
  );
  try {
    JSON.parse(plain);
    return true;
  } catch {
    return false;
  }
}
