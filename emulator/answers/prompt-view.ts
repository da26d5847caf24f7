import type { Content, FunctionDeclaration, FunctionResponse, GenerateRequest } from "../gemini/request.ts";
import { withoutDirectives } from "./directives.ts";
import { topicWords } from "./prose.ts";

/** What the emulated model understands of a request. */
export interface PromptView {
  /** Text of the last user turn, without sentinels. */
  readonly text: string;
  /** The same, however long. */
  readonly whole: string;
  /** What the system says. */
  readonly instructions: string;
  /** Words of that text worth repeating. */
  readonly topic: readonly string[];
  /** Names and quoted texts of it, to use as arguments. */
  readonly hints: readonly string[];
  /** Results of tools in the last turn; an answer should build on them instead of calling again. */
  readonly results: readonly FunctionResponse[];
  readonly declarations: readonly FunctionDeclaration[];
}

const viewCharactersMax = 20_000;

/** Reads what matters for an answer out of a request. */
export function promptView(request: GenerateRequest): PromptView {
  const last = request.contents.at(-1);
  const lastText = textOf(
    request.contents.findLast((content) => isFromUser(content) && textOf(content) !== ""),
  );
  const whole = withoutDirectives(lastText);
  const text = whole.slice(-viewCharactersMax);
  return {
    text,
    whole,
    instructions: textOf(request.systemInstruction),
    topic: topicWords(text),
    hints: hintsOf(text),
    results: last?.parts.map((part) => part.functionResponse).filter((result) => result !== undefined) ?? [],
    declarations: request.tools?.flatMap((tool) => tool.functionDeclarations ?? []) ?? [],
  };
}

/** All text of the user's turns and the system instruction: where sentinels are looked for. */
export function sentinelText(request: GenerateRequest): string {
  return request.contents
    .filter(isFromUser)
    .map(textOf)
    .filter((text) => text.includes("[["))
    .join("\n");
}

function isFromUser(content: Content): boolean {
  return content.role !== "model";
}

function textOf(content: Content | undefined): string {
  return (
    content?.parts
      .map((part) => part.text ?? "")
      .join("\n")
      .trim() ?? ""
  );
}

const hintsMax = 12;

/** Quoted texts, then capitalised names that do not merely start a sentence. */
function hintsOf(text: string): readonly string[] {
  const quoted = text.matchAll(/["“]([^"”\n]{1,60})["”]/g).map((match) => match[1] ?? "");
  const named = text
    .matchAll(/(?<=[\p{L}\d,;:]\s)(?:\p{Lu}[\p{L}\d-]+)(?:\s\p{Lu}[\p{L}\d-]+)*/gu)
    .map((match) => match[0]);
  return [...new Set([...quoted, ...named])].slice(0, hintsMax);
}
