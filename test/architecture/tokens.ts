/** A piece of a source text. Comments, blanks and the text inside templates are left out. */
export interface Token {
  readonly kind: "word" | "string" | "template" | "punctuation" | "other";
  /** The piece as written; of a string, its content without quotes. */
  readonly text: string;
  /** 1 is the first line. */
  readonly line: number;
}

const blanks = /\s+|\/\/[^\n]*|\/\*[^]*?\*\//y;
const quoted = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const word = /[#\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const digits = /\.?\d[\w.]*/y;
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const templateText = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;

/** Words after which a slash begins a regular expression, although they are words. */
const beforeExpression = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "delete",
  "void",
  "throw",
  "await",
  "yield",
]);

/**
 * Cuts TypeScript into tokens, well enough to find imports: comments, strings, templates (also nested) and regular
 * expressions are told apart, so that an import that is only talked about is not taken for one.
 */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each open `${` of a template, how many braces are open inside it. */
  const openBraces: number[] = [];
  let at = 0;
  let line = 1;

  function taken(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) return undefined;
    at += text.length;
    return text;
  }

  function add(kind: Token["kind"], text: string, written: string): void {
    tokens.push({ kind, text, line });
    line += lineBreaks(written);
  }

  /** Reads a template from behind its backtick or closing brace up to its end or its next `${`. */
  function addTemplateText(): void {
    const text = taken(templateText) ?? "";
    const whole = source[at] === "`";
    add(whole && openBraces.length === 0 ? "template" : "other", text, text);
    if (whole) at += 1;
    else if (source.startsWith("${", at)) {
      at += 2;
      openBraces.push(0);
    } else throw new Error(`Cannot read a template: it must end, it is open at line ${line}`);
  }

  function addPunctuation(): void {
    const character = source.charAt(at);
    at += 1;
    if (character === "`") return addTemplateText();
    const open = openBraces.at(-1);
    if (open !== undefined && character === "{") openBraces[openBraces.length - 1] = open + 1;
    if (open !== undefined && character === "}") {
      if (open === 0) {
        openBraces.pop();
        return addTemplateText();
      }
      openBraces[openBraces.length - 1] = open - 1;
    }
    add("punctuation", character, character);
  }

  while (at < source.length) {
    const skipped = taken(blanks);
    if (skipped !== undefined) {
      line += lineBreaks(skipped);
      continue;
    }
    const string = taken(quoted);
    if (string !== undefined) {
      add("string", string.slice(1, -1), string);
      continue;
    }
    const other = (startsExpression(tokens.at(-1)) ? taken(regularExpression) : undefined) ?? taken(digits);
    if (other !== undefined) {
      add("other", other, other);
      continue;
    }
    const name = taken(word);
    if (name === undefined) addPunctuation();
    else add("word", name, name);
  }
  return tokens;
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}

function startsExpression(previous: Token | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === "word") return beforeExpression.has(previous.text);
  return previous.kind === "punctuation" && !")]}".includes(previous.text);
}
