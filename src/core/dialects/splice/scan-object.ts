/** Where one member of an object stands in its text. Ends are exclusive; values without the white space around them. */
export interface MemberSpan {
  readonly key: string;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The members of one object, in the order of the text, and where the first could stand. */
export interface ObjectScan {
  readonly members: readonly MemberSpan[];
  /** Index just behind `{`. */
  readonly bodyStart: number;
  /** Index just behind `}`. */
  readonly end: number;
}

/**
 * Finds the members of the JSON object at `start` in one pass, jumping over strings. Only this object's own grammar is
 * checked: values inside values are matched by their brackets. `undefined` when it is no object.
 *
 * Works on text and on bytes read as Latin-1 alike: all that JSON's grammar needs is ASCII, and no byte of a longer
 * UTF-8 sequence is. Indexes of such a text are byte offsets.
 */
export function scanObject(text: string, start = 0): ObjectScan | undefined {
  const open = skipSpace(text, start);
  if (text[open] !== "{") return undefined;
  const members: MemberSpan[] = [];
  let at = skipSpace(text, open + 1);
  if (text[at] === "}") return { members, bodyStart: open + 1, end: at + 1 };
  for (;;) {
    const member = scanMember(text, at);
    if (!member) return undefined;
    members.push(member);
    at = skipSpace(text, member.valueEnd);
    if (text[at] === "}") return { members, bodyStart: open + 1, end: at + 1 };
    if (text[at] !== ",") return undefined;
    at = skipSpace(text, at + 1);
  }
}

/** Whether nothing but white space stands at and behind `at`. */
export function isAtEnd(text: string, at: number): boolean {
  return skipSpace(text, at) === text.length;
}

function scanMember(text: string, start: number): MemberSpan | undefined {
  const keyEnd = stringEnd(text, start);
  if (keyEnd === undefined) return undefined;
  const key = keyText(text.slice(start, keyEnd));
  const colon = skipSpace(text, keyEnd);
  if (key === undefined || text[colon] !== ":") return undefined;
  const valueStart = skipSpace(text, colon + 1);
  const valueEnd = skipValue(text, valueStart);
  return valueEnd === undefined ? undefined : { key, valueStart, valueEnd };
}

/** The key as it is meant: escapes are rare, so that most keys are cut out as they stand. */
function keyText(quoted: string): string | undefined {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    const key: unknown = JSON.parse(quoted);
    return typeof key === "string" ? key : undefined;
  } catch {
    // A broken escape is an answer here: the text is no JSON.
    return undefined;
  }
}

function skipValue(text: string, start: number): number | undefined {
  const first = text[start];
  if (first === '"') return stringEnd(text, start);
  if (first === "{" || first === "[") return bracketEnd(text, start);
  let at = start;
  while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
  return at === start ? undefined : at;
}

function bracketEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = stringEnd(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Index behind the closing quote of the string at `start`; `indexOf` makes long strings (images) cheap. */
function stringEnd(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) !== quote) return undefined;
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? undefined : end + 1;
}

/** A quote is escaped when an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === backslash) before--;
  return (at - before) % 2 === 1;
}

/** Index of the first character from `start` on that is no white space. */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDelimiter(code: number): boolean {
  return code === 0x2c || code === closeBrace || code === closeBracket || isSpace(code);
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
