import { failed, ok, type Result } from "#core/kernel/result.ts";
import { variableName, type TemplateFault, type TemplatePart } from "./template-parts.ts";

/** How deep sections may stand in one another. */
const sectionDepthMax = 32;

/** A piece of the text before it is known which lines hold nothing but tags. */
type Token =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "value"; readonly path: readonly string[] }
  | { readonly type: "open"; readonly path: readonly string[]; readonly inverted: boolean }
  | { readonly type: "close"; readonly path: readonly string[] }
  | { readonly type: "comment" };

/**
 * Reads a template of the form `Hello {{name}}`, as LangChain has it: values are not escaped for HTML, `{{{name}}}` and
 * `{{&name}}` are the same. Sections `{{#list}}`, inverted ones `{{^list}}`, dotted names, `{{.}}` and comments are read;
 * a line with nothing but such tags leaves no line. Partials and other delimiters are refused.
 */
export function parseMustache(text: string): Result<readonly TemplatePart[], TemplateFault> {
  const tokens = tokensOf(text);
  return tokens.ok ? nested(tokens.value) : tokens;
}

/** Whether a text has no tag: it stands for itself. */
export function isPlainMustache(text: string): boolean {
  return !text.includes("{{");
}

function tokensOf(text: string): Result<readonly Token[], TemplateFault> {
  const lines = new Lines();
  let at = 0;
  for (const tag of tagsOf(text)) {
    lines.text(text.slice(at, tag.start));
    at = tag.end;
    const token = tokenOf(tag.kind, tag.name);
    if (!token.ok) return token;
    lines.tag(token.value);
  }
  const rest = text.slice(at);
  if (rest.includes("{{")) return failed('"{{" without its "}}"');
  lines.text(rest);
  return ok(lines.end());
}

/** A tag, and where it stands. */
interface Tag {
  /** What it begins with; `&` of `{{{name}}}`, nothing of most. */
  readonly kind: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * `{{{name}}}`, or `{{` with what kind of tag it is and what stands in it. Found by their braces: a pattern that leaves blanks
 * out on both sides takes seconds for 300 of them.
 */
function* tagsOf(text: string): Generator<Tag> {
  for (let start = text.indexOf("{{"); start !== -1;) {
    const tripleEnd = text.startsWith("{{{", start) ? text.indexOf("}}}", start + 3) : -1;
    const close = tripleEnd === -1 ? text.indexOf("}}", start + 2) : tripleEnd;
    if (close === -1) return;
    const isTriple = tripleEnd !== -1;
    const end = close + (isTriple ? 3 : 2);
    const held = text.slice(start + (isTriple ? 3 : 2), close).trim();
    const kind = isTriple ? "" : (/^[#^/>&=!]/.exec(held)?.[0] ?? "");
    yield { kind: isTriple ? "&" : kind, name: held.slice(kind.length).trim(), start, end };
    start = text.indexOf("{{", end);
  }
}

/** Collects tokens line by line: of a line with sections or comments and nothing else, its white space goes. */
class Lines {
  readonly #done: Token[] = [];
  #line: Token[] = [];

  text(text: string): void {
    for (const piece of text.split(/(?<=\n)/)) {
      if (piece === "") continue;
      this.#line.push({ type: "text", text: piece });
      if (piece.endsWith("\n")) this.#flush();
    }
  }

  tag(token: Token): void {
    this.#line.push(token);
  }

  end(): readonly Token[] {
    this.#flush();
    return this.#done;
  }

  #flush(): void {
    const hasTag = this.#line.some(({ type }) => type !== "text");
    const isAlone = hasTag && this.#line.every(leavesNoMark);
    this.#done.push(...(isAlone ? this.#line.filter(({ type }) => type !== "text") : this.#line));
    this.#line = [];
  }
}

function leavesNoMark(token: Token): boolean {
  return token.type === "text" ? token.text.trim() === "" : token.type !== "value";
}

function tokenOf(kind: string, name: string): Result<Token, TemplateFault> {
  if (kind === "!") return ok({ type: "comment" });
  if (kind === ">")
    return failed(`{{>${name.slice(0, 40)}}}: a prompt is included by \`include\`, not by a tag`);
  if (kind === "=") return failed("{{=}}: other delimiters than braces are not read");
  const path = pathOf(name);
  if (!path) return failed(`{{${kind}${name.slice(0, 40)}}}, which names no variable`);
  if (kind === "#" || kind === "^") return ok({ type: "open", path, inverted: kind === "^" });
  return ok({ type: kind === "/" ? "close" : "value", path });
}

function pathOf(name: string): readonly string[] | undefined {
  if (name === ".") return [];
  const path = name.split(".");
  return path.every(isStep) ? path : undefined;
}

/** Items of a list have numbers as names, behind the list's own. */
function isStep(step: string, at: number): boolean {
  return variableName.test(step) || (at > 0 && /^\d{1,9}$/.test(step));
}

/** A section that is not closed yet. */
interface Open {
  readonly path: readonly string[];
  readonly inverted: boolean;
  readonly parts: TemplatePart[];
}

function nested(tokens: readonly Token[]): Result<readonly TemplatePart[], TemplateFault> {
  const outermost: TemplatePart[] = [];
  const open: Open[] = [];
  for (const token of tokens) {
    const into = open.at(-1)?.parts ?? outermost;
    if (token.type === "text" || token.type === "value") into.push(token);
    else if (token.type === "open") {
      open.push({ path: token.path, inverted: token.inverted, parts: [] });
      if (open.length > sectionDepthMax) return failed(`sections more than ${sectionDepthMax} deep`);
    } else if (token.type === "close") {
      const closed = open.pop();
      const name = token.path.join(".");
      if (!closed) return failed(`{{/${name}}} without its {{#${name}}}`);
      if (closed.path.join(".") !== name)
        return failed(`{{/${name}}} where {{/${closed.path.join(".")}}} is due`);
      (open.at(-1)?.parts ?? outermost).push({ type: "section", ...closed });
    }
  }
  const unclosed = open.at(-1)?.path.join(".");
  return unclosed === undefined ? ok(outermost) : failed(`{{#${unclosed}}} without its {{/${unclosed}}}`);
}
