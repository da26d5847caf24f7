import { failed, ok, type Result } from "#core/kernel/result.ts";
import type { ParseProblem } from "./parse-problem.ts";

/** Dialects whose quotes and comments are known. */
export const sqlDialects = ["postgres", "mysql", "sqlite"] as const;
/** A dialect of SQL. */
export type SqlDialect = (typeof sqlDialects)[number];

/** Words that change data, structure or rights, or reach out of the database; outside of quotes they are refused. */
const writingWords: ReadonlySet<string> = new Set(
  (
    "insert update delete merge replace upsert truncate drop create alter grant revoke call execute exec do copy load " +
    "into attach detach pragma vacuum analyze reindex set reset begin commit rollback savepoint lock unlock handler " +
    "rename comment declare prepare deallocate listen notify import install outfile dumpfile"
  ).split(" "),
);
/** Functions of those dialects that read or write files, or wait, behind an innocent SELECT. */
const reachingNames =
  /^(?:pg_(?:read|ls|write|sleep|terminate|cancel|advisory|reload|notify|switch|promote|rotate|create|drop|stat_reset)\w*|lo_\w+|dblink\w*|load_file|load_extension|writefile|readfile|sleep|benchmark|nextval|setval|set_config|query_to_xml\w*|database_to_xml\w*)$/;

/**
 * Reads an answer as one SQL statement that only reads: it begins with SELECT, WITH or VALUES, no word of it changes
 * anything, and nothing stands behind its end. What quotes and comments hold is told apart from words; a MySQL comment
 * that the server runs (`/*!`) is refused. A second fence, not the first: the account that runs it should have no right
 * to write.
 */
export function parseSql(answer: string, dialect: SqlDialect): Result<string, ParseProblem> {
  const text = statementOf(answer);
  const tokens = sqlTokens(text, dialect);
  if (!tokens.ok) return tokens;
  const words = tokens.value.filter(({ kind }) => kind !== "quoted");
  const wanted = "one statement that begins with SELECT, WITH or VALUES";
  const first = words.find(({ text: word }) => word !== "(");
  if (!first || !["select", "with", "values"].includes(first.text)) {
    return failed({ wanted, actual: first ? "another beginning" : "no statement", at: first?.at ?? 0 });
  }
  const end = tokens.value.findIndex(({ kind, text: word }) => kind === "sign" && word === ";");
  const after = end === -1 ? undefined : tokens.value[end + 1];
  if (after) return failed({ wanted, actual: "more behind its end", at: after.at });
  const writing = tokens.value.find(
    ({ kind, text: word }, index) =>
      kind === "word" &&
      ((writingWords.has(word) && !isCall(tokens.value, index)) ||
        (word === "for" && locksRows(tokens.value, index))),
  );
  if (writing)
    return failed({ wanted: "a statement that only reads", actual: "one that may write", at: writing.at });
  const reaching = tokens.value.find(
    ({ kind, text: word }, index) =>
      (kind !== "sign" && reachingNames.test(word.toLowerCase())) || hidesName(tokens.value, index),
  );
  if (reaching) {
    return failed({
      wanted: "a statement that only reads tables",
      actual: "a call that reaches further",
      at: reaching.at,
    });
  }
  return ok(text.replace(/;\s*$/, "").trim());
}

interface SqlToken {
  readonly kind: "word" | "quoted" | "sign";
  /** Words in lower case; quoted ones without their quotes. */
  readonly text: string;
  readonly at: number;
}

/** `replace(x, ...)` and `insert(x, ...)` are functions of texts where a bracket follows. */
function isCall(tokens: readonly SqlToken[], index: number): boolean {
  const word = tokens[index]?.text;
  return (word === "replace" || word === "insert") && tokens[index + 1]?.text === "(" && index > 0;
}

/** Postgres reads `U&"pg\\005fsleep"` as `pg_sleep`: a name with escapes could be any. */
function hidesName(tokens: readonly SqlToken[], index: number): boolean {
  const [first, second] = [tokens[index - 2], tokens[index - 1]];
  return tokens[index]?.kind === "quoted" && first?.text === "u" && second?.text === "&";
}

/** FOR UPDATE, FOR SHARE and their kin lock rows. `for` stands in `substring(x for 3)` as well. */
function locksRows(tokens: readonly SqlToken[], index: number): boolean {
  return ["update", "share", "no", "key"].includes(tokens[index + 1]?.text ?? "");
}

/** The statement without code fences. */
function statementOf(answer: string): string {
  const [, fenced] = /```(?:\w+)?[ \t]*\n([^]*?)\n?```/.exec(answer) ?? [];
  return (fenced ?? answer).trim();
}

/** Words, quoted texts and names, and signs; comments and space are left out. */
function sqlTokens(text: string, dialect: SqlDialect): Result<readonly SqlToken[], ParseProblem> {
  const control = text.search(/[^\P{Cc}\t\n\r\f\v]/u);
  if (control !== -1) return failed({ wanted: "no control characters", actual: "one", at: control });
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const [character = ""] = rest;
    if (blanks.includes(character)) {
      at += 1;
    } else if (isLineComment(text, at, dialect)) {
      at = lineEnd(text, at, dialect);
    } else if (rest === "/*") {
      if (text[at + 2] === "!" || text[at + 2] === "+") {
        return failed({ wanted: "comments that the server does not read", actual: "one that it does", at });
      }
      const end = text.indexOf("*/", at + 2);
      if (end === -1) return failed({ wanted: "each comment closed", actual: "an open one", at });
      // Postgres ends such a comment with its last end, the others with its first.
      if (text.slice(at + 2, end).includes("/*"))
        return failed({ wanted: "no comment within a comment", actual: "one", at });
      at = end + 2;
    } else if (quotesOf[dialect].includes(character) || isDollarQuote(text, at, dialect)) {
      const before = tokens.at(-1);
      const follows = before?.kind === "word" && before.at + before.text.length === at ? before.text : "";
      const end = quotedEnd(text, at, { dialect, follows });
      if (end === undefined) return failed({ wanted: "each quote closed", actual: "an open one", at });
      tokens.push({ kind: "quoted", text: text.slice(at + 1, end - 1), at });
      at = end;
    } else {
      wordPattern.lastIndex = at;
      const [word] = wordPattern.exec(text) ?? [];
      tokens.push({ kind: word ? "word" : "sign", text: (word ?? character).toLowerCase(), at });
      at += word?.length ?? 1;
    }
  }
  return ok(tokens);
}

// What follows is read as each server reads it: where a text, a name or a comment ends otherwise here than there, a second
// statement hides in it.

/** White space; any other character from 0x80 on, also a blank of Unicode, is one of names. */
const blanks = [" ", "\t", "\n", "\r", "\f", "\v"];
const quotesOf: Readonly<Record<SqlDialect, readonly string[]>> = {
  postgres: ["'", '"'],
  mysql: ["'", '"', "`"],
  sqlite: ["'", '"', "`", "["],
};
const wordPattern = /[A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*/uy;
const dollarPattern = /\$(?:[A-Za-z_\u{80}-\u{10ffff}][\w\u{80}-\u{10ffff}]*)?\$/uy;

/** MySQL takes `--1` for a sum. */
function isLineComment(text: string, at: number, dialect: SqlDialect): boolean {
  if (dialect === "mysql" && text[at] === "#") return true;
  if (!text.startsWith("--", at)) return false;
  return dialect !== "mysql" || blanks.includes(text[at + 2] ?? " ");
}

/** Where a comment to the end of the line ends: in Postgres a carriage return ends the line, too. */
function lineEnd(text: string, start: number, dialect: SqlDialect): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\n" || (text[at] === "\r" && dialect === "postgres")) return at;
  }
  return text.length;
}

function isDollarQuote(text: string, at: number, dialect: SqlDialect): boolean {
  dollarPattern.lastIndex = at;
  return dialect === "postgres" && dollarPattern.test(text);
}

/**
 * Where a quoted text ends, behind its quote. A doubled quote stays inside; a backslash escapes in MySQL's texts and in
 * E''.
 * @param follows the word right before it
 */
function quotedEnd(
  text: string,
  start: number,
  { dialect, follows }: { readonly dialect: SqlDialect; readonly follows: string },
): number | undefined {
  if (text[start] === "$") {
    dollarPattern.lastIndex = start;
    const mark = dollarPattern.exec(text)?.[0] ?? "$$";
    const end = text.indexOf(mark, start + mark.length);
    return end === -1 ? undefined : end + mark.length;
  }
  if (text[start] === "[") {
    const end = text.indexOf("]", start);
    return end === -1 ? undefined : end + 1;
  }
  const quote = text[start];
  const isEscaping =
    dialect === "mysql" ? quote !== "`" : dialect === "postgres" && quote === "'" && follows === "e";
  for (let at = start + 1; at < text.length; at++) {
    if (isEscaping && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
}
