import { describe, expect, test } from "vitest";
import { parseSql, type SqlDialect } from "./sql-answer.ts";

describe("a statement that only reads passes", () => {
  test.each<[SqlDialect, string, string?]>([
    ["postgres", "SELECT name FROM orders;", "SELECT name FROM orders"],
    ["postgres", "```sql\nSELECT 1\n```", "SELECT 1"],
    ["postgres", "WITH a AS (SELECT 1 AS n) SELECT n FROM a"],
    ["postgres", "(SELECT 1) UNION (SELECT 2)"],
    ["postgres", "VALUES (1), (2)"],
    ["postgres", "SELECT 'it''s; drop table x' AS \"delete\" -- insert\nFROM t /* update */"],
    ["postgres", "SELECT $tag$ ; delete $tag$ AS text"],
    ["postgres", "SELECT replace(name, 'a', 'b'), substring(name for 3) FROM t"],
    ["mysql", "SELECT 'a\\'; drop table x' # delete\nFROM `update`"],
    ["sqlite", "SELECT updated_at, created FROM settings"],
    ["sqlite", "SELECT [delete] FROM [a'b]"],
    ["mysql", "SELECT 1 --1 FROM t -- delete"],
    ["postgres", "SELECT größe, E'a\\'b' FROM maße -- delete"],
  ])("%s: %s", (dialect, text, wanted = text) => {
    expect(parseSql(text, dialect)).toEqual({ ok: true, value: wanted });
  });
});

describe("anything else is a problem", () => {
  test.each<[SqlDialect, string]>([
    ["postgres", ""],
    ["postgres", "I cannot do that."],
    ["postgres", "DELETE FROM orders"],
    ["postgres", "SELECT 1; DROP TABLE orders"],
    ["postgres", "SELECT 1;; SELECT 2"],
    ["postgres", "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone"],
    ["postgres", "SELECT * INTO copy_of FROM orders"],
    ["postgres", "SELECT * FROM orders FOR UPDATE"],
    ["postgres", "SELECT pg_read_file('/etc/passwd')"],
    ["postgres", 'SELECT "pg_sleep"(100)'],
    ["postgres", "SELECT set_config('a', 'b', false)"],
    ["postgres", "SELECT 'open"],
    ["postgres", "SELECT 'a\\'; DROP TABLE x; --'"],
    ["postgres", "SELECT E'\\'' ; DROP TABLE x; --'"],
    ["postgres", "SELECT 1 /* open"],
    ["mysql", "SELECT 1 /*! INTO OUTFILE '/tmp/x' */"],
    ["mysql", "SELECT '\\'' ; DROP TABLE x; -- '"],
    ["mysql", "SELECT load_file('/etc/passwd')"],
    ["mysql", "REPLACE INTO t VALUES (1)"],
    ["sqlite", "PRAGMA writable_schema = 1"],
    ["sqlite", "SELECT load_extension('x')"],
    ["sqlite", "EXPLAIN SELECT 1"],
    // What is one statement to a careless reader, and two to the server.
    ["postgres", "SELECT 1 /* /* */ ' */; DROP TABLE x; -- '"],
    ["postgres", "SELECT 1 -- a\r; DROP TABLE x"],
    ["postgres", "SELECT $é$ ' $é$; DROP TABLE x; -- '"],
    ["postgres", "SELECT \u{1f600}$a$; DROP TABLE x; -- $a$"],
    ["postgres", "SELECT \u00a0$a$; DROP TABLE x; -- $a$"],
    ["postgres", "SELECT éE'\\'; DROP TABLE x; --'"],
    ["postgres", "SELECT a$E'\\'; DROP TABLE x; --'"],
    ["postgres", "SELECT 1 ` 2; DROP TABLE x; -- `"],
    ["postgres", 'SELECT U&"pg\\005fsleep"(100)'],
    ["postgres", "SELECT pg_notify('a', 'b')"],
    ["mysql", "SELECT 1 --1 INTO OUTFILE '/tmp/x'"],
    ["mysql", "SELECT `a\\`; DROP TABLE x; -- `"],
    ["mysql", "SELECT 1 -- \r'\n; DROP TABLE x; -- '"],
    ["mysql", "SELECT 1 --\u0001'\n; DROP TABLE x; -- '"],
    ["sqlite", "SELECT [a']; DROP TABLE x; -- '"],
  ])("%s: %s", (dialect, text) => {
    expect(parseSql(text, dialect)).toMatchObject({ ok: false });
  });
});
