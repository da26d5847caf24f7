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
  /^(?:pg_(?:read|ls|write|sleep|terminate|cancel|advisory|reload)\w*|lo_\w+|dblink\w*|load_file|load_extension|writefile|readfile|sleep|benchmark|nextval|setval|set_config|query_to_xml\w*|database_to_xml\w*)$/;

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
    ({ kind, text: word }) => kind !== "sign" && reachingNames.test(word.toLowerCase()),
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
  const tokens: SqlToken[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    const [character = ""] = rest;
    if (/\s/.test(character)) {
      at += 1;
    } else if (rest === "--" || (character === "#" && dialect === "mysql")) {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else if (rest === "/*") {
      if (text[at + 2] === "!" || text[at + 2] === "+") {
        return failed({ wanted: "comments that the server does not read", actual: "one that it does", at });
      }
      const end = text.indexOf("*/", at + 2);
      if (end === -1) return failed({ wanted: "each comment closed", actual: "an open one", at });
      at = end + 2;
    } else if (quotes.includes(character) || isDollarQuote(text, at, dialect)) {
      const end = quotedEnd(text, at, dialect);
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

const quotes = ["'", '"', "`"];
const wordPattern = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const dollarPattern = /\$(?:[A-Za-z_]\w*)?\$/y;

function isDollarQuote(text: string, at: number, dialect: SqlDialect): boolean {
  dollarPattern.lastIndex = at;
  return dialect === "postgres" && dollarPattern.test(text);
}

/** Where a quoted text ends, behind its quote. A doubled quote stays inside; a backslash escapes in MySQL and in E''. */
function quotedEnd(text: string, start: number, dialect: SqlDialect): number | undefined {
  if (text[start] === "$") {
    dollarPattern.lastIndex = start;
    const mark = dollarPattern.exec(text)?.[0] ?? "$$";
    const end = text.indexOf(mark, start + mark.length);
    return end === -1 ? undefined : end + mark.length;
  }
  const quote = text[start];
  const isEscaping =
    dialect === "mysql" || (quote === "'" && /(?:^|\W)e$/i.test(text.slice(Math.max(0, start - 2), start)));
  for (let at = start + 1; at < text.length; at++) {
    if (isEscaping && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return undefined;
}
